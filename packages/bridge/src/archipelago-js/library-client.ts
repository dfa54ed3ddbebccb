/**
 * The parts of archipelago.js 2.1 that are used here, by shape: the library's own `Client` fits, and neither its code nor its
 * types are needed to build or to use this package.
 */

interface LibraryPlayer {
  readonly team: number;
  readonly slot: number;
  readonly name: string;
  readonly alias: string;
}

interface LibraryItem {
  readonly id: number;
  readonly locationId: number;
  readonly flags: number;
  readonly sender: { readonly slot: number };
}

interface LibraryVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

/** A packet of the server as the library hands it on, unread. */
export interface LibraryPacket {
  readonly cmd: string;
}

interface LibrarySocket {
  readonly url: string;
  send(...packets: readonly object[]): unknown;
  on(event: 'receivedPacket', listener: (packet: LibraryPacket) => void): unknown;
  on(event: 'connected' | 'disconnected', listener: () => void): unknown;
  off(event: 'receivedPacket', listener: (packet: LibraryPacket) => void): unknown;
  off(event: 'connected' | 'disconnected', listener: () => void): unknown;
}

interface LibraryPackage {
  readonly checksum: string;
  readonly itemTable: Readonly<Record<string, number>>;
  readonly locationTable: Readonly<Record<string, number>>;
}

/** `Client` of archipelago.js. */
export interface LibraryClient {
  readonly authenticated: boolean;
  readonly name: string;
  readonly game: string;
  readonly arguments: { readonly tags: readonly string[]; readonly items: number };
  readonly socket: LibrarySocket;
  readonly package: { findPackage(game: string): LibraryPackage | null };
  readonly room: {
    readonly serverVersion: LibraryVersion;
    readonly generatorVersion: LibraryVersion;
    readonly games: readonly string[];
    readonly tags: readonly string[];
    readonly seedName: string;
    readonly password: boolean;
    readonly permissions: object;
    readonly hintPoints: number;
    readonly hintCostPercentage: number;
    readonly locationCheckPoints: number;
    readonly missingLocations: readonly number[];
    readonly checkedLocations: readonly number[];
  };
  readonly players: {
    readonly self: LibraryPlayer;
    readonly slots: Readonly<
      Record<
        number,
        {
          readonly name: string;
          readonly game: string;
          readonly type: number;
          readonly group_members: readonly number[];
        }
      >
    >;
    findPlayer(slot: number): LibraryPlayer | undefined;
  };
  readonly items: { readonly received: readonly (LibraryItem | undefined)[] };
}
