/** Text in which the secrets of URLs are replaced, and how to put them back. */
export interface Hidden {
  readonly text: string;
  /** What stands in the text, and what it stands for. */
  readonly originals: ReadonlyMap<string, string>;
}

/** An address from its two slashes on; the scheme before them stays as it is. */
const ADDRESS = /\/\/[^\s"'<>\\`]+/g;
/** A token of `signedUrl`, also outside a URL. */
const TOKEN = /\bv1\.[\w-]{1,64}\.\d{1,16}\.[\w.-]+/g;

/** Collects what it hides; one for each text that is shown. */
export interface Hider {
  hide(text: string): string;
  readonly originals: Map<string, string>;
}

/**
 * Replaces user names, queries and fragments of URLs by numbered marks, and tokens as well. Signed
 * URLs carry their secret there.
 */
export function createHider(): Hider {
  const originals = new Map<string, string>();
  const mark = (secret: string, shown: (mark: string) => string): string => {
    const text = shown(`[hidden ${originals.size + 1}]`);
    originals.set(text, secret);
    return text;
  };
  return {
    originals,
    hide: (text) =>
      text
        .replace(ADDRESS, (address) => {
          const withoutUser = address.replace(/^\/\/[^/?#]*@/, "//");
          const cut = withoutUser.search(/[?#]/);
          if (cut < 0)
            return withoutUser === address
              ? address
              : mark(address, (m) => `//${m}@${withoutUser.slice(2)}`);
          return mark(address, (m) => `${withoutUser.slice(0, cut)}?${m}`);
        })
        .replace(TOKEN, (token) => mark(token, (m) => m)),
  };
}

/** Puts back what was hidden. */
export function reveal(text: string, originals: ReadonlyMap<string, string>): string {
  let revealed = text;
  for (const [shown, original] of originals) revealed = revealed.replaceAll(shown, () => original);
  return revealed;
}
