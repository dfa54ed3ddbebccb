import type { Scheme, ServerAddress, Version } from '@causeway/protocol/archipelago';
import type { Clock, Random } from '../clock.js';
import type { Logger } from '../logger.js';
import type { MultiworldEvent } from './contract.js';
import type { DataPackageStore } from './data-packages.js';
import type { Fetch } from './room-page.js';
import type { SocketFactory } from './socket.js';

/**
 * Gives the room's password.
 *
 * @param refused whether the one given before was wrong; `undefined` as answer then ends the login as refused
 */
export type PasswordSource = (refused: boolean) => string | undefined | Promise<string | undefined>;

export interface MultiworldOptions {
  /** `HOST:PORT`, `ws://…`, `wss://…`, `archipelago://…`, or one already read. */
  readonly address: string | ServerAddress;
  /** Slot name, or another login name of the slot. Case counts. */
  readonly slotName: string;
  /** The game's exact name; empty only together with a tag such as `TextOnly`. */
  readonly game: string;
  /** Default: the one in the address, if any. */
  readonly password?: string | PasswordSource | undefined;
  /** Bits: 1 items from others, 2 from the own world, 4 start inventory. */
  readonly itemsHandling: number;
  /** Default `AP`. */
  readonly tags?: readonly string[];
  /** One per machine and user. Default: made up for this run. */
  readonly uuid?: string;
  /** Default: the version this package was made for. */
  readonly version?: Version;
  /** Whether to receive the room's settings for the slot. Default true. */
  readonly slotData?: boolean;
  /** Whether to follow the hints that concern the slot: `hints` events, and the list. Default false. */
  readonly hints?: boolean;
  /**
   * The room's page on its web host, `https://HOST/room/ID`. With it a room that moved to another port or fell asleep is
   * followed. Default: what an `archipelago://` link says.
   */
  readonly roomPage?: string | URL | undefined;
  /** Web host of the room that an `archipelago://` link names, such as `https://archipelago.gg`. Default: the link's own host. */
  readonly webHost?: string | URL | undefined;
  /** How the room's page is asked. Default: the platform's. */
  readonly fetch?: Fetch;
  /** Certificates (PEM) to trust besides the usual ones, for rooms with a self-signed certificate. Not with `connect`. */
  readonly trust?: readonly string[];
  /** The seed the game was made for. A room with another one is refused before anything is sent to it. */
  readonly expectSeed?: string | undefined;
  /** Called in order, one event at a time, until the multiworld is closed. */
  readonly onEvent: (event: MultiworldEvent) => void;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  readonly connect?: SocketFactory;
  readonly dataPackages?: DataPackageStore;
  /** What worked, by host and port. Give one map to all clients of a program to let them share what they learn. */
  readonly schemes?: Map<string, Scheme>;
  /** Milliseconds for each of: opening, greeting, login, resending items. Default 10 000. */
  readonly timeoutMs?: number;
}
