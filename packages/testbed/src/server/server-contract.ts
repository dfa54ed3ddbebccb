import type { Clock, Logger, Random } from '@causeway/bridge';
import type { RoomDefinition, RoomOptions } from './room/room-definition.js';
import type { RoomEvent } from './room/room-event.js';
import type { RoomInspection } from './room/room-inspection.js';
import type { Faults } from './transport/faults.js';

export interface ServerOptions {
  readonly room: RoomDefinition;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Loopback unless asked for more. */
  readonly host?: string;
  /** Asked of everybody who logs in; overrides the room's. */
  readonly password?: string | undefined;
  /** Opens `!admin`; overrides the room's. */
  readonly serverPassword?: string | undefined;
  /** Further options that override the room's. */
  readonly options?: Partial<Omit<RoomOptions, 'password' | 'serverPassword'>>;
  /** Overrides the room's seed name: the same room as if generated anew. */
  readonly seed?: string;
  /** Text of an earlier {@link MultiworldServer.save}. */
  readonly save?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  readonly onEvent?: (event: RoomEvent) => void;
  /** Called for `/save` typed by the host. */
  readonly onSave?: (save: string) => void;
}

export interface RestartOptions {
  /** The same port unless given; 0 takes any free one. */
  readonly port?: number;
  /** Text of an earlier save to go back to; without it nothing is lost. */
  readonly save?: string;
}

/** A multiworld server in this process: one room, its sockets, and switches that make it misbehave. */
export interface MultiworldServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `ws://HOST:PORT` */
  readonly url: string;
  /** What the room holds. */
  readonly room: RoomInspection;
  readonly faults: Faults;
  /** Open sockets. */
  readonly connections: number;
  /** A line typed by the host; returns what only the host sees. */
  console(line: string): readonly string[];
  save(): string;
  /** Closes every connection with 1001 and listens again. */
  restart(options?: RestartOptions): Promise<void>;
  /** Closes every connection with 1001 and stops listening. Twice is fine. */
  stop(): Promise<void>;
  /** Resolves once it has been stopped, by `/exit` or {@link stop}. */
  readonly stopped: Promise<void>;
}
