import type { Region } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { coreRead, NWA_MAX_RANGES, type NwaReply } from '@causeway/protocol/nwa';
import type { NwaConnection } from './nwa-connection.js';
import type { MemoryNames } from './nwa-memories.js';

interface Group {
  readonly memory: string;
  readonly runs: readonly Region[];
}

/** Reads that one command can carry: one memory, few ranges. Keeps the order. */
const groupRuns = (runs: readonly Region[], names: MemoryNames, rangesPerCommand: number): readonly Group[] => {
  const groups: { memory: string; runs: Region[] }[] = [];
  for (const run of runs) {
    const memory = names.get(run.domain) ?? run.domain;
    const last = groups.at(-1);
    if (last?.memory === memory && last.runs.length < rangesPerCommand) last.runs.push(run);
    else groups.push({ memory, runs: [run] });
  }
  return groups;
};

const totalOf = (runs: readonly Region[]): number => runs.reduce((sum, { size }) => sum + size, 0);

const cutReply = (data: Uint8Array, runs: readonly Region[]): readonly Uint8Array[] => {
  let at = 0;
  return runs.map(({ size }) => {
    at += size;
    return data.subarray(at - size, at);
  });
};

/** Reads of one connection. Remembers an emulator that serves only the first range of a command. */
export class NwaReading {
  readonly #connection: NwaConnection;
  readonly #names: MemoryNames;
  #rangesPerCommand: number = NWA_MAX_RANGES;

  constructor(connection: NwaConnection, names: MemoryNames) {
    this.#connection = connection;
    this.#names = names;
  }

  /**
   * The bytes of each run, all commands on their way at once; `behind` is asked right after them.
   * Rejects with `batch_step_failed` when the emulator refuses or serves less than was asked.
   */
  async read(runs: readonly Region[], behind: () => Promise<void>): Promise<readonly Uint8Array[]> {
    const groups = groupRuns(runs, this.#names, this.#rangesPerCommand);
    const asked = groups.map(({ memory, runs: own }) => this.#connection.ask(coreRead(memory, own)));
    const [replies] = await Promise.all([Promise.all(asked), behind()]);
    const single = groups.every(({ runs: own }) => own.length === 1);
    const short = replies.some((reply, index) => !isWhole(reply, groups[index]?.runs ?? []));
    if (short && !single) {
      // The reference's dummy emulator reads the first range and forgets the others.
      this.#rangesPerCommand = 1;
      return this.read(runs, behind);
    }
    return replies.flatMap((reply, index) => bytesOf(reply, groups[index]));
  }
}

const isWhole = (reply: NwaReply, runs: readonly Region[]): boolean =>
  reply.kind !== 'binary' || reply.data.length === totalOf(runs);

const bytesOf = (reply: NwaReply, group: Group | undefined): readonly Uint8Array[] => {
  const { memory = '', runs = [] } = group ?? {};
  if (reply.kind === 'binary' && reply.data.length === totalOf(runs)) return cutReply(reply.data, runs);
  throw refused(`read ${memory}`, reply, reply.kind === 'binary' ? `it gave ${reply.data.length} bytes` : undefined);
};

/** The emulator did not do one thing; the connection goes on. */
export const refused = (what: string, reply: NwaReply, why?: string): CausewayError => {
  const words =
    reply.kind === 'error' ? `${reply.error} ${reply.reason}`.trim() : (why ?? 'it answered something else');
  return new CausewayError('batch_step_failed', `The emulator did not ${what}: ${words}.`, {
    context: { what, words },
  });
};
