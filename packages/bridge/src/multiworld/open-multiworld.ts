import { parseServerAddress, Tag } from '@causeway/protocol/archipelago';
import { type Clock, type Random, systemClock } from '../clock.js';
import { type Logger, silentLogger } from '../logger.js';
import type { MultiworldClient } from './client-contract.js';
import type { MultiworldEvent } from './contract.js';
import { type DataPackageStore, memoryDataPackages } from './data-packages.js';
import { JoinedSlot } from './joined-slot.js';
import type { LinkOptions } from './link.js';
import type { Credentials } from './login.js';
import { MultiworldRunner } from './multiworld-runner.js';
import type { MultiworldOptions, PasswordSource } from './options.js';
import { type Fetch, linkedRoomPage, parseRoomPage, type RoomPage } from './room-page.js';
import { wsSocket, wsSocketTrusting } from './ws-socket.js';

/** {@link MultiworldOptions} with every default filled in. */
export interface ResolvedOptions extends LinkOptions {
  readonly credentials: Credentials;
  readonly password: string | PasswordSource | undefined;
  readonly tags: readonly string[];
  readonly expectSeed: string | undefined;
  readonly hints: boolean;
  readonly roomPage: RoomPage | undefined;
  readonly fetch: Fetch;
  /** Sets the request ids of this client apart: those of a `Set` are seen by every subscriber. */
  readonly requestPrefix: string;
  readonly onEvent: (event: MultiworldEvent) => void;
  readonly dataPackages: DataPackageStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

const madeUpUuid = (random: Random): string =>
  Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('');

const resolveOptions = (options: MultiworldOptions): ResolvedOptions => {
  const { random = Math.random, address: given } = options;
  const address = typeof given === 'string' ? parseServerAddress(given) : given;
  return {
    address,
    credentials: {
      slotName: options.slotName,
      game: options.game,
      itemsHandling: options.itemsHandling,
      uuid: options.uuid ?? madeUpUuid(random),
      slotData: options.slotData ?? true,
      ...(options.version ? { version: options.version } : {}),
    },
    password: options.password ?? address.password,
    tags: options.tags ?? [Tag.reference],
    expectSeed: options.expectSeed,
    hints: options.hints ?? false,
    roomPage: options.roomPage ? parseRoomPage(options.roomPage) : linkedRoomPage(address, options.webHost),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    requestPrefix: madeUpUuid(random),
    onEvent: options.onEvent,
    dataPackages: options.dataPackages ?? memoryDataPackages(),
    connect: options.connect ?? (options.trust ? wsSocketTrusting(options.trust) : wsSocket),
    clock: options.clock ?? systemClock,
    random,
    logger: options.logger ?? silentLogger,
    schemes: options.schemes ?? new Map(),
    timeoutMs: options.timeoutMs ?? 10_000,
  };
};

/**
 * Joins a room and stays in it: logs in, comes back after every loss, and keeps what must not be lost.
 *
 * Events begin after this has returned.
 *
 * @throws {CausewayError} `server_address_invalid`
 */
export const openMultiworld = (options: MultiworldOptions): MultiworldClient => {
  const runner = new MultiworldRunner(resolveOptions(options));
  queueMicrotask(() => runner.start());
  return new JoinedSlot(runner);
};
