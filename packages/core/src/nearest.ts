/** The known name that is most like a misspelt one; `undefined` where none is like it. */
export function nearest(misspelt: string, known: readonly string[]): string | undefined {
  const name = misspelt.slice(0, MAX_LENGTH).toLowerCase();
  let found: string | undefined;
  let least = Infinity;
  for (const one of known) {
    const other = one.toLowerCase();
    const edits = editsBetween(name, other);
    const isLike = edits <= Math.max(name.length, one.length) / 2 || holds(name, other);
    if (!isLike || edits >= least) continue;
    found = one;
    least = edits;
  }
  return found;
}

const MAX_LENGTH = 64;
const MIN_PART = 3;

/** Whether one name is a part of the other, such as `url` of `webhookUrl`. */
const holds = (one: string, other: string): boolean =>
  Math.min(one.length, other.length) >= MIN_PART && (one.includes(other) || other.includes(one));

/** How many letters must be added, left out or replaced (Levenshtein). */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of from.split("").entries()) {
    const next = [index + 1];
    for (const [at, other] of to.split("").entries()) {
      const replaced = (row[at] ?? 0) + Number(letter !== other);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
