import type { LuaApiHost, NativeTable } from './host.js';

/** `gui`, as far as it reaches a person. */
export const guiApi = (host: LuaApiHost): NativeTable => ({
  addmessage: (call) => {
    host.showMessage(call.describe(1));
    return [];
  },
});
