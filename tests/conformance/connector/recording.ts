import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../vectors/bizhawk/', import.meta.url);

/** One line of a recording after the first; which fields it has depends on what happened. */
export interface RecordedStep {
  readonly n: number;
  readonly dir?: 'c2s' | 's2c';
  /** The exact bytes, newline included. */
  readonly text?: string;
  readonly pieces?: readonly { readonly ms: number; readonly len: number }[];
  readonly event?: string;
  readonly frame?: number;
}

export interface Recording {
  readonly case: string;
  readonly title: string;
  readonly steps: readonly RecordedStep[];
}

export const machineDescription = new URL('machine-gba.json', FOLDER);

/** Every recorded conversation with the reference connector. */
export const recordings: readonly Recording[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .map((name) => {
    const [head, ...steps] = readFileSync(new URL(name, FOLDER), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const { case: id, title } = head as { case: string; title: string };
    return { case: id, title, steps: steps as RecordedStep[] };
  });
