import { hintPoints } from './hint-points.js';
import { markFound } from './hints.js';
import { giveItems, sendNewItems } from './items.js';
import { broadcastPackets, itemSend } from './messages.js';
import type { Packet } from './outbox.js';
import type { RoomContext } from './room-context.js';
import type { Placement } from './room-definition.js';
import { networkItem } from './room-state.js';

/** Lines per message; the reference server splits there. */
const LINES_PER_MESSAGE = 140;

type Found = readonly [location: number, placement: Placement];

const byReceiver = ([a, left]: Found, [b, right]: Found): number =>
  left.receiver - right.receiver || left.item - right.item || a - b;

/** The locations of a slot that are new and exist, with what lies there, in the order items are handed out. */
const newlyFound = (room: RoomContext, slot: number, locations: Iterable<number>): readonly Found[] => {
  const { locations: places } = room.slot(slot);
  const { checked } = room.stateOf(slot);
  const found: Found[] = [];
  for (const location of new Set(locations)) {
    const placement = places.get(location);
    if (placement && !checked.has(location)) found.push([location, placement]);
  }
  return found.sort(byReceiver);
};

/** Registers locations as checked: items to their receivers, lines to everybody, news to the slot. */
export const registerChecks = (room: RoomContext, slot: number, locations: Iterable<number>): void => {
  const found = newlyFound(room, slot, locations);
  if (found.length === 0) return;
  const receivers = new Set<number>();
  const lines: Packet[] = [];
  for (const [location, { item, receiver, flags }] of found) {
    const sent = networkItem(item, location, slot, flags);
    giveItems(room, receiver, [sent]);
    lines.push(itemSend(sent, receiver));
    for (const member of room.members(receiver)) receivers.add(member);
    announceSent(room, slot, location, { item, receiver, flags });
  }
  for (let at = 0; at < lines.length; at += LINES_PER_MESSAGE) {
    broadcastPackets(room, lines.slice(at, at + LINES_PER_MESSAGE));
  }
  const { checked } = room.stateOf(slot);
  for (const [location] of found) checked.add(location);
  sendNewItems(room, receivers);
  room.outbox.post(room.clientsOf(slot), [
    {
      cmd: 'RoomUpdate',
      hint_points: hintPoints(room, slot),
      checked_locations: found.map(([location]) => location).sort((a, b) => a - b),
    },
  ]);
  markFound(
    room,
    slot,
    found.map(([location]) => location),
  );
};

const announceSent = (room: RoomContext, finder: number, location: number, placement: Placement): void => {
  const { receiver, item, flags } = placement;
  room.surroundings.emit({
    kind: 'sent',
    finder,
    finderName: room.nameOf(finder),
    receiver,
    receiverName: room.nameOf(receiver),
    item,
    itemName: room.itemName(item, receiver),
    location,
    locationName: room.locationName(location, finder),
    flags,
  });
};

/** The checked locations of a slot in the order of the room file. */
export const checkedLocations = (room: RoomContext, slot: number): readonly number[] => {
  const { checked } = room.stateOf(slot);
  return [...room.slot(slot).locations.keys()].filter((location) => checked.has(location));
};

/** The locations of a slot that are still to be checked, in the order of the room file. */
export const missingLocations = (room: RoomContext, slot: number): readonly number[] => {
  const { checked } = room.stateOf(slot);
  return [...room.slot(slot).locations.keys()].filter((location) => !checked.has(location));
};

const sendCheckedLocations = (room: RoomContext, slot: number): void =>
  room.outbox.post(room.clientsOf(slot), [{ cmd: 'RoomUpdate', checked_locations: checkedLocations(room, slot) }]);

/** Checks everything left in a slot's world. */
export const releaseSlot = (room: RoomContext, slot: number): void => {
  broadcastPackets(room, [
    {
      cmd: 'PrintJSON',
      data: [{ text: `${room.slot(slot).name} (Team #1) has released all remaining items from their world.` }],
      type: 'Release',
      team: 0,
      slot,
    },
  ]);
  registerChecks(room, slot, room.slot(slot).locations.keys());
  sendCheckedLocations(room, slot);
};

/** Checks every location anywhere that holds an item of this slot, and of a group once all its members have collected. */
export const collectSlot = (room: RoomContext, slot: number): void => {
  broadcastPackets(room, [
    {
      cmd: 'PrintJSON',
      data: [{ text: `${room.slot(slot).name} (Team #1) has collected their items from other worlds.` }],
      type: 'Collect',
      team: 0,
      slot,
    },
  ]);
  for (const source of room.definition.slots.values()) {
    const holding = [...source.locations].filter(([, { receiver }]) => receiver === slot).map(([location]) => location);
    if (holding.length === 0) continue;
    registerChecks(room, source.slot, holding);
    sendCheckedLocations(room, source.slot);
  }
  for (const [group, collected] of room.state.groupCollected) {
    const { members } = room.slot(group);
    if (!members.includes(slot) || collected.has(slot)) continue;
    collected.add(slot);
    if (members.every((member) => collected.has(member))) collectSlot(room, group);
  }
};
