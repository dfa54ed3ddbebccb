import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../vectors/archipelago/', import.meta.url);

export interface RecordedEvent {
  readonly i: number;
  readonly conn: string;
  readonly ev: 'open' | 'c2s' | 's2c' | 'close' | 'note';
  readonly text?: string;
  readonly base64?: string;
  readonly by?: 'client' | 'server';
  readonly code?: number;
}

export interface Recording {
  readonly name: string;
  readonly about: string;
  readonly room: string;
  readonly serverArgs: readonly string[];
  readonly events: readonly RecordedEvent[];
}

const lines = (file: string): readonly unknown[] =>
  readFileSync(new URL(file, FOLDER), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

/** Every recording but `http-upgrade`, which has a form of its own. */
export const readRecordings = (): readonly Recording[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl') && file !== 'http-upgrade.jsonl')
    .sort()
    .map((file) => {
      const [first, ...events] = lines(file);
      const { meta } = first as { meta: { scenario: string; about: string; room: string; server_args: string[] } };
      return {
        name: meta.scenario,
        about: meta.about,
        room: meta.room,
        serverArgs: meta.server_args,
        events: events as RecordedEvent[],
      };
    });

export interface RecordedUpgrade {
  readonly case: string;
  readonly offer: string | null;
  readonly path?: string;
  readonly extra?: string;
  readonly version?: string;
  readonly method?: string;
  readonly status: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const readUpgrades = (): readonly RecordedUpgrade[] => lines('http-upgrade.jsonl') as RecordedUpgrade[];

export const roomText = (room: string): string => readFileSync(new URL(`rooms/${room}.json`, FOLDER), 'utf8');
