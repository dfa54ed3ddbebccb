import {
  type Connect,
  type ConnectionRefused,
  type GetDataPackage,
  PROTOCOL_VERSION,
  type RoomInfo,
  type Version,
} from '@causeway/protocol/archipelago';
import { CausewayError, type ErrorCode } from '@causeway/protocol/errors';

/** Who logs in, as what. */
export interface Credentials {
  readonly slotName: string;
  /** The game's exact name; empty only together with a non-game tag. */
  readonly game: string;
  readonly itemsHandling: number;
  readonly uuid: string;
  readonly version?: Version;
  /** Whether the room should send its settings for this slot. */
  readonly slotData: boolean;
}

/** The login packet. Each field must be there: a server drops the connection without a word over a missing one. */
export const connectPacket = (
  credentials: Credentials,
  tags: readonly string[],
  password: string | undefined,
  itemsHandling: number = credentials.itemsHandling,
): Connect => ({
  cmd: 'Connect',
  password: password ?? null,
  game: credentials.game,
  name: credentials.slotName,
  uuid: credentials.uuid,
  version: { class: 'Version', ...(credentials.version ?? PROTOCOL_VERSION) },
  items_handling: itemsHandling,
  tags,
  slot_data: credentials.slotData,
});

/** One request for all of them: one per round trip takes seconds in a large room (`archipelago.md` §3). */
export const dataPackageRequest = (games: readonly string[]): readonly GetDataPackage[] =>
  games.length === 0 ? [] : [{ cmd: 'GetDataPackage', games: [...games] }];

/** Games of the room without a checksum: their names may change without notice, so they are always fetched. */
export const uncachedGames = (info: RoomInfo): readonly string[] =>
  (info.games ?? []).filter((game) => !Object.hasOwn(info.datapackage_checksums, game));

const REFUSAL_CODES: Readonly<Record<string, ErrorCode>> = {
  InvalidSlot: 'server_refused_slot',
  InvalidGame: 'server_refused_game',
  IncompatibleVersion: 'server_refused_version',
  InvalidItemsHandling: 'server_refused_items',
  InvalidPassword: 'server_refused_password',
};

/** What a refusal means. Of several reasons the password comes last: it is the only one a person can mend in place. */
export const refusalError = (packet: ConnectionRefused, { slotName, game }: Credentials): CausewayError => {
  const known = Object.entries(REFUSAL_CODES).find(([reason]) => packet.errors.includes(reason));
  const code = known?.[1] ?? 'server_refused';
  const reasons = packet.errors.join(', ') || 'no reason given';
  return new CausewayError(code, `the server refused the login of ${slotName}: ${reasons}`, {
    context: { reasons: packet.errors, slot: slotName, game },
  });
};

/** Whether the password is all that was wrong, so that another one on the same socket can help. */
export const onlyPasswordRefused = (packet: ConnectionRefused): boolean =>
  packet.errors.length > 0 && packet.errors.every((reason) => reason === 'InvalidPassword');
