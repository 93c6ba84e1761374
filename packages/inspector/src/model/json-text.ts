import { createHider, type Hider } from "./hide.ts";

/** A piece of JSON text and what it is. */
export interface Token {
  readonly kind: "key" | "string" | "literal" | "punctuation" | "space";
  readonly text: string;
}

/** Strings, also one that is cut off; punctuation; anything else up to the next of these. */
const PIECES = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\],:]|[^\s"{}[\],:]+/gs;

/** JSON text, set out for people. */
export interface JsonText {
  readonly tokens: readonly Token[];
  readonly text: string;
  /** What stands for each mark of a hidden text. */
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * Sets JSON out line by line without parsing it: keys keep their order, numbers their digits, and a
 * text that is cut off is shown as far as it goes. Secrets in URLs are hidden.
 */
export function formatJson(json: string): JsonText {
  const hider = createHider();
  const tokens: Token[] = [];
  let depth = 0;
  const add = (kind: Token["kind"], text: string): void => void tokens.push({ kind, text });
  const newLine = (): void => add("space", `\n${"  ".repeat(depth)}`);
  const pieces = json.match(PIECES) ?? [];
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1];
    if (piece === "{" || piece === "[") {
      add("punctuation", piece);
      if (next === "}" || next === "]") continue;
      depth += 1;
      newLine();
    } else if (piece === "}" || piece === "]") {
      if (pieces[index - 1] !== "{" && pieces[index - 1] !== "[") {
        depth = Math.max(0, depth - 1);
        newLine();
      }
      add("punctuation", piece);
    } else if (piece === ",") {
      add("punctuation", piece);
      newLine();
    } else if (piece === ":") add("punctuation", ": ");
    else if (piece.startsWith('"')) add(next === ":" ? "key" : "string", hideIn(piece, hider));
    else add("literal", piece);
  }
  return { tokens, text: tokens.map(({ text }) => text).join(""), secrets: hider.secrets };
}

/** Looks at the string's value, since `\/` may stand in its spelling; the spelling stays if it can. */
function hideIn(piece: string, hider: Hider): string {
  const value = valueOf(piece);
  const shown = hider.hide(value ?? piece);
  if (value === undefined) return shown;
  return shown === value ? piece : JSON.stringify(shown);
}

function valueOf(piece: string): string | undefined {
  try {
    return JSON.parse(piece) as string;
  } catch {
    return undefined;
  }
}
