import { readFileSync } from 'node:fs';
import { machineDescription, type RecordedStep, type Recording } from '../connector/recording.js';

/** A client function of the reference, as the recordings name them. */
interface RecordedCall extends RecordedStep {
  readonly fn?: string;
  readonly args?: readonly unknown[];
  readonly value?: unknown;
}

/** One line to the connector and what it was answered with, if it was. */
export interface Turn {
  readonly line: string;
  readonly answer: string | undefined;
  /** The client function that sent it. */
  readonly fn: string;
  readonly args: readonly unknown[];
  /** What that function returned; absent when it raised. */
  readonly result?: unknown;
}

export const isJson = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};

const withoutEnd = (step: RecordedStep): string => (step.text ?? '').replace(/\n$/, '');

/** The lines of a recording after the greeting, each with its answer. A line the connector could not read has none. */
export const turnsOf = (recording: Recording): Turn[] => {
  const turns: (Omit<Turn, 'answer' | 'result'> & { answer?: string; result?: unknown })[] = [];
  let call: { fn: string; args: readonly unknown[] } = { fn: '(send line)', args: [] };
  for (const step of recording.steps as readonly RecordedCall[]) {
    if (step.event === 'call' && step.fn) call = { fn: step.fn, args: step.args ?? [] };
    if (step.dir === 'c2s') turns.push({ line: withoutEnd(step), ...call });
    const last = turns.at(-1);
    if (step.event === 'result' && last && 'value' in step) last.result = step.value;
    if (step.dir !== 's2c') continue;
    const asked = turns.find(({ line, answer }) => answer === undefined && (line === 'VERSION' || isJson(line)));
    if (asked) asked.answer = withoutEnd(step);
  }
  const [greeting, ...rest] = turns;
  if (greeting?.line !== 'VERSION' || greeting.answer !== '1') throw new Error(`${recording.case} does not greet`);
  return rest.map((turn) => ({ ...turn, answer: turn.answer }));
};

interface MachineFacts {
  readonly system: string;
  readonly romHash: string;
  readonly currentDomain: string;
  readonly domains: readonly { readonly name: string; readonly size: number }[];
}

/** The machine all recordings were made on. */
export const machine = JSON.parse(readFileSync(machineDescription, 'utf8')) as MachineFacts;
