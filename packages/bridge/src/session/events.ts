import type { MessageCategory, TextPart } from '@causeway/protocol/archipelago';
import type { DeviceInfo, RomIdentity } from '../device/contract.js';
import type { SaveMark } from '../game/contract.js';
import type { HoldCause, HoldEnd } from './brake-state.js';

/**
 * What a session tells the outside: launchers, the command's `--json` lines, logs.
 * Names and fields are stable surface: they may be added, never renamed.
 */
export type SessionEvent = { readonly time: string } & SessionEventBody;

export type SessionEventBody =
  | { readonly event: 'device.connected'; readonly uri: string; readonly info: DeviceInfo }
  | { readonly event: 'device.lost'; readonly uri: string; readonly reason: string; readonly retrying: boolean }
  | { readonly event: 'device.waiting'; readonly code: string; readonly message: string; readonly fix: string }
  | { readonly event: 'device.paused'; readonly uri: string }
  | { readonly event: 'device.resumed'; readonly uri: string }
  | { readonly event: 'rom.identified'; readonly rom: RomIdentity }
  | { readonly event: 'game.selected'; readonly game: string; readonly module: string; readonly title: string }
  | {
      readonly event: 'server.connected';
      readonly slot: string;
      readonly game: string;
      readonly seed: string;
      readonly items: number;
      readonly checked: number;
      readonly locations: number;
    }
  | {
      readonly event: 'server.refused';
      readonly code: string;
      readonly reasons: readonly string[];
      readonly fix: string;
    }
  | { readonly event: 'server.lost'; readonly message: string; readonly retryInMs: number }
  /** The game set these flags; they are on their way to the server. `frame` is when they were seen: by the emulator's counter, else counted by the game's own. */
  | {
      readonly event: 'location.checked';
      readonly ids: readonly number[];
      readonly names: readonly string[];
      readonly frame?: number;
    }
  | {
      readonly event: 'item.received';
      readonly index: number;
      readonly id: number;
      readonly name: string;
      readonly from: string;
      /** Whether the own slot found it: names do not say so, because they may be aliases. */
      readonly own?: boolean;
      readonly location: string;
      readonly flags: number;
    }
  /** The game's counter passed this entry. `again`: it had passed it before, and a reset or save state took it back. */
  | {
      readonly event: 'item.delivered';
      readonly index: number;
      readonly id: number;
      readonly name: string;
      readonly again: boolean;
    }
  /** The game's counter went back: a save state, a reset or another save. Delivery goes on from `to`. */
  | { readonly event: 'delivery.rewound'; readonly from: number; readonly to: number }
  | { readonly event: 'goal.reached' }
  | { readonly event: 'death.received'; readonly source: string; readonly cause?: string }
  | { readonly event: 'death.sent'; readonly cause?: string }
  | {
      readonly event: 'message';
      readonly text: string;
      /** The server's own type of the message. */
      readonly category: string;
      /** What it is about, from where the slot stands. */
      readonly topic?: MessageCategory;
      /** The same text in pieces, with the colours players know. */
      readonly parts?: readonly TextPart[];
    }
  /**
   * So many checks are held now, the goal counted as one: not sent until the person releases them. Told when that begins, again when they have become more, and with `count` 0 once none is held without the person having decided.
   */
  | {
      readonly event: 'checks.held';
      readonly count: number;
      /** A sentence for people. */
      readonly reason: string;
      /** The reason for programs. */
      readonly cause: HoldCause | HoldEnd;
      readonly ids: readonly number[];
      readonly goal: boolean;
    }
  /**
   * Save and room do not belong together. Told once per save. `cause`: its mark names another seed or slot, it has taken more
   * than the room ever sent, or the room has lost what it once sent to this save.
   */
  | {
      readonly event: 'save.mismatch';
      readonly received: number;
      readonly items: number;
      readonly cause: 'mark' | 'save' | 'server';
      readonly mark?: SaveMark;
    }
  | { readonly event: 'room.moved'; readonly address: string }
  | { readonly event: 'module.reloaded'; readonly module: string }
  | {
      readonly event: 'error';
      readonly code: string;
      readonly message: string;
      readonly fix: string;
      readonly context: Readonly<Record<string, unknown>>;
    };
