/** A URL without its scheme: from two slashes to the next white space. */
const ADDRESS = /\/\/\S+/g;
/** A token of `signedUrl`, also outside a URL. */
const TOKEN = /\bv1\.[\w-]{1,64}\.\d{1,16}\.[\w.-]+/g;

/** Replaces secrets by numbered marks, and remembers the secret of each mark. */
export interface Hider {
  hide(text: string): string;
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * Hides user names, queries and fragments of URLs, because signed URLs contain their secret there.
 * It also hides tokens. Make a new hider for each text.
 */
export function createHider(): Hider {
  const secrets = new Map<string, string>();
  const mark = (secret: string): string => {
    const name = `[hidden ${secrets.size + 1}]`;
    secrets.set(name, secret);
    return name;
  };
  const hideAddress = (address: string): string => {
    const cut = address.search(/[?#]./);
    const head = cut < 0 ? address : address.slice(0, cut);
    const tail = cut < 0 ? "" : address[cut] + mark(address.slice(cut + 1));
    const [, user, rest] = /^\/\/([^/]*)(@.*)$/s.exec(head) ?? [];
    return user === undefined || rest === undefined ? head + tail : `//${mark(user)}${rest}${tail}`;
  };
  return {
    secrets,
    hide: (text) => text.replace(ADDRESS, hideAddress).replace(TOKEN, mark),
  };
}

/** Replaces the marks in JSON text by their secrets. */
export function reveal(json: string, secrets: ReadonlyMap<string, string>): string {
  return json.replace(/\[hidden \d+\]/g, (name) => {
    const secret = secrets.get(name);
    return secret === undefined ? name : JSON.stringify(secret).slice(1, -1);
  });
}
