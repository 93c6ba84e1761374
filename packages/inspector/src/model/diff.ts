/** A line of a comparison: in both texts, only in the first, or only in the second. */
export interface DiffLine {
  readonly mark: "same" | "kept" | "refused";
  readonly text: string;
}

/** Longer texts are not compared, because the table below has a row and a column for each line. */
const MAX_LINES = 500;

/** Compares two texts line by line. `undefined` if one of them is too long. */
export function diffLines(kept: string, refused: string): readonly DiffLine[] | undefined {
  const [a, b] = [kept.split("\n"), refused.split("\n")];
  if (a.length > MAX_LINES || b.length > MAX_LINES) return undefined;
  const lengths = commonLengths(a, b);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ mark: "same", text: left });
      i += 1;
      j += 1;
    } else if (
      left !== undefined &&
      (right === undefined || at(lengths, i + 1, j) >= at(lengths, i, j + 1))
    ) {
      lines.push({ mark: "kept", text: left });
      i += 1;
    } else {
      lines.push({ mark: "refused", text: right ?? "" });
      j += 1;
    }
  }
  return lines;
}

const at = (lengths: readonly Uint16Array[], i: number, j: number): number => lengths[i]?.[j] ?? 0;

/** `[i][j]` is the number of common lines of `a` from line `i` on and of `b` from line `j` on. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i];
    if (row === undefined) continue;
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] =
        a[i] === b[j]
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}
