import { styleText } from "node:util";

/** The colours that the demo uses. */
export type Colour = "green" | "yellow" | "red" | "cyan" | "magenta" | "dim" | "bold";

/** Colours a text, or returns it unchanged. */
export type Paint = (colour: Colour, text: string) => string;

/** Colours on a terminal, unless `NO_COLOR` is set. */
export const createPaint = (colours: boolean): Paint =>
  colours ? (colour, text) => styleText(colour, text) : (_colour, text) => text;
