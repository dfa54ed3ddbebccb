/** How alike a name and what somebody typed are, and what is made of it. */
export type Match =
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'unclear'; readonly name: string; readonly percent: number; readonly crowded: boolean };

const EXACT = 100;
const CLOSE = 75;
const AHEAD = 5;
/** With a single name to choose from the bar is higher. */
const ONLY = 90;

/** Finds the name meant: exact, else close and clearly ahead of the next. Earlier names win ties. */
export const fuzzyMatch = (typed: string, names: readonly string[]): Match | undefined => {
  const rated = names.map((name) => ({ name, percent: likeness(typed, name) })).sort((a, b) => b.percent - a.percent);
  const [best, second] = rated;
  if (!best) return undefined;
  const { name, percent } = best;
  if (percent === EXACT) return { kind: 'found', name };
  if (!second) return percent > ONLY ? { kind: 'found', name } : { kind: 'unclear', name, percent, crowded: false };
  if (percent < CLOSE) return { kind: 'unclear', name, percent, crowded: false };
  if (percent - second.percent > AHEAD) return { kind: 'found', name };
  return { kind: 'unclear', name, percent, crowded: true };
};

/** Percent of characters that need no edit, whatever their case. */
export const likeness = (left: string, right: string): number => {
  const longest = Math.max([...left].length, [...right].length);
  if (longest === 0) return EXACT;
  return Math.trunc((1 - editDistance(left.toLowerCase(), right.toLowerCase()) / longest) * 100);
};

/** Fewest insertions, deletions, replacements and swaps of neighbours between two texts (Damerau-Levenshtein). */
export const editDistance = (left: string, right: string): number => {
  const a = [...left];
  const b = [...right];
  const limit = a.length + b.length;
  const table = Array.from({ length: a.length + 2 }, () => new Array<number>(b.length + 2).fill(0));
  const at = (row: number, column: number): number => table[row]?.[column] ?? limit;
  const put = (row: number, column: number, value: number): void => {
    const cells = table[row];
    if (cells) cells[column] = value;
  };
  for (let row = 0; row <= a.length; row += 1) [put(row + 1, 0, limit), put(row + 1, 1, row)];
  for (let column = 0; column <= b.length; column += 1) [put(0, column + 1, limit), put(1, column + 1, column)];
  put(0, 0, limit);
  const lastRow = new Map<string, number>();
  for (const [i, x] of a.entries()) {
    let lastMatch = 0;
    for (const [j, y] of b.entries()) {
      const row = lastRow.get(y) ?? 0;
      const column = lastMatch;
      if (x === y) lastMatch = j + 1;
      const swap = at(row, column) + (i - row) + 1 + (j - column);
      put(i + 2, j + 2, Math.min(at(i + 1, j + 1) + Number(x !== y), at(i + 2, j + 1) + 1, at(i + 1, j + 2) + 1, swap));
    }
    lastRow.set(x, i + 1);
  }
  return at(a.length + 1, b.length + 1);
};

/** What to tell somebody whose words fit no name. */
export const unclearText = (typed: string, { name, percent, crowded }: Match & { kind: 'unclear' }): string => {
  const meant = `did you mean '${name}'? (${percent}% sure)`;
  return crowded
    ? `Several names are close to '${typed}', ${meant}`
    : `Didn't find something that closely matches '${typed}', ${meant}`;
};
