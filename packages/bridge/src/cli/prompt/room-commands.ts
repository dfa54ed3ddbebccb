import type { ReceivedItem, Room } from '../../multiworld/room.js';
import type { JoinedRoom } from '../engine.js';
import { itemTone } from '../item-tone.js';
import { type StyledText, span } from '../styled-text.js';
import type { GroupKind } from './name-groups.js';
import { entry, faint, findName, passes, sortNames } from './name-list.js';
import type { PromptCommand, PromptSetting } from './prompt-command.js';

/** A login that has been in the room; what it knows stays good while the connection is away. */
interface Place {
  readonly client: JoinedRoom;
  readonly room: Room;
}

const placeOf = (setting: PromptSetting): Place | undefined => {
  const client = setting.client();
  return client?.room && { client, room: client.room };
};

/** Carries on in the room, or says that there is none. */
const inRoom =
  (run: (setting: PromptSetting, place: Place, argument: string) => void | Promise<void>): PromptCommand['run'] =>
  (setting, argument) => {
    const place = placeOf(setting);
    if (place) return run(setting, place, argument);
    setting.output.note('Not in a room yet.');
  };

const locationNames = ({ client, room }: Place, ids: Iterable<number>): string[] =>
  sortNames(new Set([...ids].map((id) => client.names.location(id, room.slot))));

const itemNames = ({ client, room }: Place): string[] => sortNames(new Set(client.names.items(room.slot).values()));

const missingIds = ({ room }: Place): number[] => [...room.locations].filter((id) => !room.checked.has(id));

const ofPlace =
  (names: (place: Place) => Iterable<string>) =>
  (setting: PromptSetting): Iterable<string> => {
    const place = placeOf(setting);
    return place ? names(place) : [];
  };

/** Every item of the own game, for completion. */
export const knownItems = ofPlace(itemNames);
/** Every location of the own slot, for completion. */
export const knownLocations = ofPlace((place) => locationNames(place, place.room.locations));

const list = ({ output }: PromptSetting, heading: StyledText, entries: readonly StyledText[]): void => {
  output.note(heading);
  for (const each of entries) output.note(entry(each));
};

const receivedLine = ({ client: { names }, room }: Place, item: ReceivedItem): StyledText => [
  faint(`${String(item.index + 1).padStart(4)}  `),
  span(itemTone(item.flags), names.item(item.item, room.slot)),
  ' from ',
  span(item.player === room.slot ? 'self' : 'player', names.player(item.player)),
  ' (',
  span('location', names.location(item.location, item.player)),
  ')',
];

const received: PromptCommand = {
  name: '/received',
  argument: '[filter]',
  about: 'lists what you have received, in order, with finder and place',
  complete: knownItems,
  run: inRoom((setting, place, filter) => {
    const { client, room } = place;
    const wanted = passes(filter);
    const shown = room.items.filter(({ item }) => wanted(client.names.item(item, room.slot)));
    list(
      setting,
      `Received: ${shown.length} of ${room.items.length}.`,
      shown.map((item) => receivedLine(place, item)),
    );
  }),
};

const missing: PromptCommand = {
  name: '/missing',
  argument: '[filter]',
  about: 'lists your locations that are not checked',
  complete: ofPlace((place) => locationNames(place, missingIds(place))),
  run: inRoom((setting, place, filter) => {
    const ids = missingIds(place);
    const shown = locationNames(place, ids).filter(passes(filter));
    list(
      setting,
      `Missing: ${shown.length} of ${place.room.locations.size} locations.`,
      shown.map((name) => span('location', name)),
    );
  }),
};

const locations: PromptCommand = {
  name: '/locations',
  argument: '[filter]',
  about: 'lists your locations, and which of them are checked',
  complete: knownLocations,
  run: inRoom((setting, place, filter) => {
    const { room } = place;
    const checked = new Set(locationNames(place, room.checked));
    const shown = locationNames(place, room.locations).filter(passes(filter));
    const done = shown.filter((name) => checked.has(name)).length;
    list(
      setting,
      `Locations: ${shown.length} of ${room.locations.size}, ${done} of them checked.`,
      shown.map((name) => [span('location', name), checked.has(name) ? faint('  checked') : '']),
    );
  }),
};

const items: PromptCommand = {
  name: '/items',
  argument: '[filter]',
  about: 'lists the items of your game, and how many of each you have received',
  complete: knownItems,
  run: inRoom((setting, place, filter) => {
    const { client, room } = place;
    const names = itemNames(place);
    if (names.length === 0) return setting.output.note('The names of your game are not here yet. Try again.');
    const counts = new Map<string, number>();
    for (const { item } of room.items) {
      const name = client.names.item(item, room.slot);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const shown = names.filter(passes(filter));
    list(
      setting,
      `Items: ${shown.length} of ${names.length}.`,
      shown.map((name) => [name, counts.has(name) ? faint(`  received ${counts.get(name)}`) : '']),
    );
  }),
};

const groupCommand = (kind: GroupKind): PromptCommand => ({
  name: `/${kind}_groups`,
  argument: '[group]',
  about: `lists the groups of ${kind}s of your game, or what is in one`,
  complete: (setting) => {
    const place = placeOf(setting);
    return place ? sortNames(setting.groups.known(place.client, kind).keys()) : [];
  },
  run: inRoom(async (setting, { client }, wanted) => {
    const groups = await setting.groups.ask(client, kind, setting.signal);
    if (wanted === '') return list(setting, `Groups of ${kind}s: ${groups.size}.`, sortNames(groups.keys()));
    const name = findName(groups.keys(), wanted);
    if (name === undefined) return setting.output.note(`There is no group of ${kind}s called "${wanted}".`);
    const members = groups.get(name) ?? [];
    list(setting, `${name}: ${members.length}.`, sortNames(members));
  }),
});

const hint: PromptCommand = {
  name: '/hint',
  argument: '[item]',
  about: 'asks where an item of yours is, as !hint does; without one: lists your hints',
  complete: knownItems,
  run: ({ say }, item) => say(item === '' ? '!hint' : `!hint ${item}`),
};

/** The words about what is in the room. */
export const ROOM_COMMANDS: readonly PromptCommand[] = [
  received,
  missing,
  items,
  locations,
  groupCommand('item'),
  groupCommand('location'),
  hint,
];
