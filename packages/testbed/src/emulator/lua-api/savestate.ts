import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { action, type LuaApiHost, type NativeTable } from './host.js';

/** `savestate` with files and slots, and `memorysavestate`. Slots live as long as the script. */
export const savestateApi = (host: LuaApiHost): NativeTable => {
  const slots = new Map<string, Uint8Array>();
  const recall = (key: string): boolean => {
    const state = slots.get(key);
    if (state === undefined) return false;
    host.loadState(state);
    return true;
  };
  return {
    save: action((call) => writeFileSync(call.text(1), host.saveState())),
    load: (call) => {
      host.loadState(readFileSync(call.text(1)));
      return true;
    },
    saveslot: action((call) => slots.set(`slot ${call.integer(1)}`, host.saveState())),
    loadslot: (call) => recall(`slot ${call.integer(1)}`),
    savecorestate: () => {
      const id = randomUUID();
      slots.set(id, host.saveState());
      return id;
    },
    loadcorestate: action((call) => recall(call.text(1))),
    removestate: action((call) => slots.delete(call.text(1))),
    clear: action(() => slots.clear()),
  };
};
