import type { JoinedRoom } from '../engine.js';
import type { Output } from '../output.js';
import type { TextChoice } from '../text-categories.js';
import type { NameGroups } from './name-groups.js';

/** What the words typed at the prompt act on. */
export interface PromptSetting {
  readonly output: Pick<Output, 'note'>;
  readonly categories: TextChoice;
  readonly groups: NameGroups;
  /** Aborted when the program ends. */
  readonly signal: AbortSignal;
  /** The login of now; `undefined` while there is none, not even one that waits. */
  client(): JoinedRoom | undefined;
  /** Sends chat or a `!command`, or says why not. */
  say(text: string): void;
  /** Joins the room again, or the one at this address. */
  connect(address: string): void;
  /** Leaves the room and keeps the device. */
  disconnect(): void;
  ready(): void;
  /** Sends the checks that are held. */
  release(): void;
  /** Forgets the checks that are held. */
  drop(): void;
  quit(): void;
}

/** A word for us, as Archipelago's own clients have them. */
export interface PromptCommand {
  readonly name: string;
  /** Other spellings. */
  readonly aliases?: readonly string[];
  /** As in help: `[filter]`; empty for none. */
  readonly argument: string;
  /** What it does, in one line without a full stop. */
  readonly about: string;
  /** What the argument may be, for completion. */
  complete?(setting: PromptSetting): Iterable<string>;
  /** @param argument what stands behind the name, trimmed */
  run(setting: PromptSetting, argument: string): void | Promise<void>;
}

/** The command as help shows it. */
export const promptUsage = ({ name, aliases = [], argument }: PromptCommand): string =>
  [[name, ...aliases].join(', '), argument].filter(Boolean).join(' ');
