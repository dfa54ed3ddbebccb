import { CausewayError } from '@causeway/protocol/errors';
import { readJson } from '../python/read-json.js';
import { isDict, type PyDict, PythonError, type PyValue, raise } from '../python/values.js';
import { writeJson } from '../python/write-json.js';
import { hintFromWire, numbersIn } from './decode-values.js';
import { wireHint } from './hints.js';
import type { RoomContext } from './room-context.js';
import type { RoomDefinition } from './room-definition.js';
import { freshState, hintKey, type NetworkItem, networkItem, type RoomState, type SlotState } from './room-state.js';

const VERSION = 1;

/** Text of everything that changes while a room is played. */
export const writeSave = ({ definition, state }: RoomContext): string =>
  writeJson({
    version: VERSION,
    seed: definition.seed,
    slots: new Map([...state.slots].map(([slot, saved]) => [String(slot), savedSlot(saved)])),
    hints: [...state.hints.values()].map((hint) => ({ ...wireHint(hint), class: undefined })),
    group_collected: new Map([...state.groupCollected].map(([group, members]) => [String(group), [...members]])),
    stored: new Map([...state.stored].filter((entry) => isWritable(entry))),
  });

/** What no client can be sent cannot be saved either. */
const isWritable = (value: PyValue): boolean => {
  try {
    return writeJson(value).length > 0;
  } catch (error) {
    if (error instanceof PythonError) return false;
    throw error;
  }
};

const savedSlot = (state: SlotState): object => ({
  checked: [...state.checked],
  items: state.items.map(savedItem),
  foreign_items: state.foreignItems.map(savedItem),
  status: isWritable(state.status) ? state.status : 0,
  hints_used: state.hintsUsed,
  alias: state.alias ?? null,
  release: state.release ?? null,
});

const savedItem = ({ item, location, player, flags }: NetworkItem): readonly number[] => [
  item,
  location,
  player,
  flags,
];

/** Reads what {@link writeSave} wrote. Throws `room_invalid` when it is something else or of another seed. */
export const readSave = (definition: RoomDefinition, text: string): RoomState => {
  try {
    const save = readJson(text);
    if (!isDict(save) || save.get('version') !== VERSION) return raise('no saved room');
    if (save.get('seed') !== definition.seed) return raise('saved room of another seed');
    return restored(definition, save);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    throw new CausewayError('room_invalid', `This is not a save of this room: ${error.message}.`, { cause: error });
  }
};

const restored = (definition: RoomDefinition, save: PyDict): RoomState => {
  const state = freshState(definition);
  for (const [slot, fresh] of state.slots) restoreSlot(fresh, dictIn(dictIn(save, 'slots'), String(slot)));
  state.hints.clear();
  for (const value of listIn(save, 'hints')) {
    const hint = hintFromWire(value);
    state.hints.set(hintKey(hint.finder, hint.location), hint);
  }
  for (const [group, members] of state.groupCollected) {
    for (const member of numbersIn(dictIn(save, 'group_collected').get(String(group)))) members.add(member);
  }
  for (const [key, value] of dictIn(save, 'stored')) state.stored.set(key, value);
  return state;
};

const restoreSlot = (state: SlotState, saved: PyDict): void => {
  for (const location of numbersIn(saved.get('checked'))) state.checked.add(location);
  state.items.push(...itemsIn(saved, 'items'));
  state.foreignItems.push(...itemsIn(saved, 'foreign_items'));
  state.status = saved.get('status') ?? 0;
  state.hintsUsed = Number(saved.get('hints_used') ?? 0);
  const alias = saved.get('alias');
  state.alias = typeof alias === 'string' ? alias : undefined;
  const release = saved.get('release');
  state.release = typeof release === 'boolean' ? release : undefined;
};

const itemsIn = (saved: PyDict, name: string): readonly NetworkItem[] =>
  listIn(saved, name).map((value) => {
    const [item = 0, location = 0, player = 0, flags = 0] = numbersIn(value);
    return networkItem(item, location, player, flags);
  });

const dictIn = (dict: PyDict, name: string): PyDict => {
  const value = dict.get(name);
  return isDict(value) ? value : raise(`no ${name}`);
};

const listIn = (dict: PyDict, name: string): readonly PyValue[] => {
  const value = dict.get(name);
  return Array.isArray(value) ? value : raise(`no ${name}`);
};
