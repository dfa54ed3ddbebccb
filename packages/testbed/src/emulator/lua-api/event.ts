import { randomUUID } from 'node:crypto';
import type { LuaApiHost, NativeTable } from './host.js';

/** `event`, as far as it needs the machine; the lists of callbacks are in the scheduler. */
export const eventApi = (host: LuaApiHost): NativeTable => ({
  new_id: () => randomUUID(),
  stop: (call) => {
    const address = call.integer(1);
    if (host.machine.registers().get('PC') === undefined) {
      host.print('on_bus_exec: this core does not support it');
      return false;
    }
    host.execStops.set(address, (host.execStops.get(address) ?? 0) + 1);
    return true;
  },
  forget_stop: (call) => {
    const address = call.integer(1);
    const left = (host.execStops.get(address) ?? 1) - 1;
    if (left > 0) host.execStops.set(address, left);
    else host.execStops.delete(address);
    return [];
  },
});
