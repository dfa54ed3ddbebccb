import type { HintStatus } from '@causeway/protocol/archipelago';
import type { Client } from './client.js';
import type { Packet } from './outbox.js';
import type { RoomContext } from './room-context.js';
import type { Hint } from './room-definition.js';
import { type NetworkItem, networkItem } from './room-state.js';

/** PrintJSON in all its kinds, worded as recorded. */

const TUTORIAL =
  'Now that you are connected, you can use !help to list commands to run via the server. ' +
  'If your client supports it, you may have additional local commands you can list with /help.';
const UNCOMPRESSED =
  'Warning: your client does not support compressed websocket connections! It may stop working in the future. ' +
  "If you are a player, please report this to the client's developer.";

/** One line of plain text. */
export const printJson = (text: string, fields: Readonly<Record<string, unknown>> = {}): Packet => ({
  cmd: 'PrintJSON',
  data: [{ text }],
  ...fields,
});

/** Tells everybody who wants text. */
export const broadcastText = (room: RoomContext, text: string, fields: Readonly<Record<string, unknown>> = {}): void =>
  broadcastPackets(room, [printJson(text, fields)]);

export const broadcastPackets = (room: RoomContext, packets: readonly Packet[]): void =>
  room.outbox.post(
    [...room.loggedIn()].filter((client) => !client.noText),
    packets,
  );

/** Tells one client, unless it wants no text. */
export const notify = (room: RoomContext, client: Client, ...packets: readonly Packet[]): void => {
  if (!client.noText) room.outbox.post([client], packets);
};

export const welcome = (room: RoomContext, client: Client): void => {
  notify(room, client, printJson(TUTORIAL, { type: 'Tutorial' }));
  if (!client.compressed) notify(room, client, printJson(UNCOMPRESSED));
};

const player = (slot: number) => ({ text: String(slot), type: 'player_id' });
const place = (location: number, finder: number) => ({ text: String(location), player: finder, type: 'location_id' });
const thing = (item: number, receiver: number, flags: number) => ({
  text: String(item),
  player: receiver,
  flags,
  type: 'item_id',
});

/** Who found what for whom. */
export const itemSend = (item: NetworkItem, receiver: number): Packet => {
  const found = thing(item.item, receiver, item.flags);
  const whither =
    item.player === receiver
      ? [{ text: ' found their ' }, found]
      : [{ text: ' sent ' }, found, { text: ' to ' }, player(receiver)];
  return {
    cmd: 'PrintJSON',
    data: [player(item.player), ...whither, { text: ' (' }, place(item.location, item.player), { text: ')' }],
    type: 'ItemSend',
    receiving: receiver,
    item,
  };
};

const STATUS_TEXT: Readonly<Record<HintStatus, string>> = {
  0: '(unspecified)',
  10: '(no priority)',
  20: '(avoid)',
  30: '(priority)',
  40: '(found)',
};

const whereabouts = (entrance: string) =>
  entrance === '' ? [{ text: "'s World" }] : [{ text: "'s World at " }, { text: entrance, type: 'entrance_name' }];

export const hintMessage = (hint: Hint): Packet => ({
  cmd: 'PrintJSON',
  data: [
    { text: '[Hint]: ' },
    player(hint.receiver),
    { text: "'s " },
    thing(hint.item, hint.receiver, hint.flags),
    { text: ' is at ' },
    place(hint.location, hint.finder),
    { text: ' in ' },
    player(hint.finder),
    ...whereabouts(hint.entrance),
    { text: '. ' },
    { text: STATUS_TEXT[hint.status], hint_status: hint.status, type: 'hint_status' },
  ],
  type: 'Hint',
  receiving: hint.receiver,
  item: networkItem(hint.item, hint.location, hint.finder, hint.flags),
  found: hint.found,
});
