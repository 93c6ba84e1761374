import { createHider, type Hider } from "./hide.ts";

/** A piece of JSON text and its kind. */
export interface Token {
  readonly kind: "key" | "string" | "literal" | "punctuation" | "space";
  readonly text: string;
}

/** A string (also one that is cut off), a punctuation mark, or the text up to the next of these. */
const PIECES = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\],:]|[^\s"{}[\],:]+/gs;

/** Indented JSON text without secrets. */
export interface JsonText {
  readonly tokens: readonly Token[];
  readonly text: string;
  /** The secret that each mark replaces. */
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * Indents JSON without parsing it, and hides its secrets. Keys keep their order, and numbers keep
 * their digits. A text that is cut off is shown up to its end.
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

/** Hides secrets in the string's value, because `\/` may hide a URL in the JSON text. */
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
