import type { MultiworldClient } from '../multiworld/client-contract.js';
import type { DataPackageStore } from '../multiworld/data-packages.js';
import { openMultiworld } from '../multiworld/open-multiworld.js';
import type { MultiworldOptions } from '../multiworld/options.js';
import { BorrowedSocket } from './borrowed-socket.js';
import { namesOf } from './client-snapshot.js';
import type { LibraryClient } from './library-client.js';

/** The part of {@link MultiworldOptions} that is not the library's to decide. */
export type FromArchipelagoJsOptions = Pick<
  MultiworldOptions,
  'onEvent' | 'clock' | 'random' | 'logger' | 'expectSeed' | 'timeoutMs'
>;

/**
 * Lets a bridge use the connection of an archipelago.js `Client` that a launcher has already logged in.
 *
 * What the library cannot do, this cannot do either: it does not reconnect by itself. While the client is away everything is
 * kept as usual, and replayed when the launcher logs it in again, to the same slot. Closing stops using the client and leaves it
 * logged in. `docs/archipelago-js.md` lists the limits.
 *
 * @param client logged in, or about to be
 */
export const fromArchipelagoJs = (client: LibraryClient, options: FromArchipelagoJsOptions): MultiworldClient => {
  const multiworld = openMultiworld({
    ...options,
    address: client.socket.url || 'ws://localhost',
    slotName: client.name,
    game: client.game,
    itemsHandling: client.arguments.items,
    tags: [...client.arguments.tags],
    dataPackages: packagesOf(client),
    connect: (_, handlers) => new BorrowedSocket(client, handlers),
  });
  // A microtask later the library has noted that it is logged in.
  const again = (): void =>
    queueMicrotask(() => {
      if (multiworld.status === 'waiting') multiworld.reconnect();
    });
  client.socket.on('connected', again);
  const end = multiworld.close.bind(multiworld);
  const close = (): Promise<void> => {
    client.socket.off('connected', again);
    return end();
  };
  return Object.assign(multiworld, { close, [Symbol.asyncDispose]: close });
};

/** The library decides which packages there are; its tables are only looked up. */
const packagesOf = (client: LibraryClient): DataPackageStore => ({
  missing: () => [],
  load: (game) => namesOf(client, game),
  save: () => {},
});
