/**
 * Reading what a running game may be writing. Two equal copies in a row show that nothing changed while the second was made; values
 * that a game writes together within a moment then belong together. What a game takes longer to write than the copying takes can
 * still come out mixed: against that only the game's own sequence number helps (docs/specs/dolphin.md, section 4.5).
 */

/** More than this is looked at by people, not acted on, and twice would cost something. */
const WORTHWHILE = 0x1_0000;
/** A place that the game writes all the time never settles; the last copy is as good as any. */
const MOST_COPIES = 4;
const WORD = 4;

export interface RunRead {
  readonly offset: number;
  readonly size: number;
}

/** @param wholeWords whether an aligned word is read in one piece: it is of one moment then, however often it is read */
export const isWorthRepeating = (runs: readonly RunRead[], wholeWords: boolean): boolean => {
  let total = 0;
  for (const { size } of runs) total += size;
  const [only] = runs;
  const oneWord = runs.length === 1 && only !== undefined && (only.offset % WORD) + only.size <= WORD;
  return !(oneWord && wholeWords) && total <= WORTHWHILE;
};

/** Copies until two in a row are equal, and returns the last. */
export const readSteadily = async (copy: () => Promise<readonly Uint8Array[]>): Promise<readonly Uint8Array[]> => {
  let last = await copy();
  for (let copies = 1; copies < MOST_COPIES; copies++) {
    const next = await copy();
    const steady = next.every((bytes, index) => Buffer.compare(bytes, last[index] ?? bytes) === 0);
    last = next;
    if (steady) break;
  }
  return last;
};
