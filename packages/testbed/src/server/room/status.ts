import { ClientStatus, SlotType } from '@causeway/protocol/archipelago';
import { equal } from '../python/compare.js';
import type { PyDict, PyValue } from '../python/values.js';
import { required } from './arguments.js';
import { collectSlot, releaseSlot } from './checks.js';
import type { Client } from './client.js';
import { broadcastText } from './messages.js';
import { refuse } from './refusal.js';
import type { RoomContext } from './room-context.js';

/** `StatusUpdate` */
export const updateStatus = (room: RoomContext, client: Client, args: PyDict): void => {
  const status = required(args, 'status');
  if (client.nonGame && equal(status, ClientStatus.goal)) {
    refuse(room, client, 'StatusUpdate', "Trackers can't register Goal Complete", 'cmd');
    return;
  }
  setStatus(room, client.slot, status);
};

/** Changes the status of a slot; the goal is final. */
export const setStatus = (room: RoomContext, slot: number, status: PyValue): void => {
  const state = room.stateOf(slot);
  if (equal(state.status, ClientStatus.goal)) return;
  if (equal(status, ClientStatus.goal)) reachGoal(room, slot);
  state.status = status;
  room.surroundings.emit({ kind: 'status', slot, status });
  room.announce(`_read_client_status_0_${slot}`, () => status);
};

const reachGoal = (room: RoomContext, slot: number): void => {
  const { name } = room.slot(slot);
  broadcastText(room, `${room.nameOf(slot)} (Team #1) has completed their goal.`, { type: 'Goal', team: 0, slot });
  room.surroundings.emit({ kind: 'goal', slot, name });
  if (room.options.collectMode.includes('auto')) collectSlot(room, slot);
  if (room.options.releaseMode.includes('auto')) releaseSlot(room, slot);
  const others = [...room.definition.slots.values()].filter(
    (other) => other.slot !== slot && other.type === SlotType.player,
  );
  if (others.every((other) => equal(room.stateOf(other.slot).status, ClientStatus.goal))) {
    broadcastText(room, 'Team #1 has completed all of their games! Congratulations!');
  }
};
