import type { LuaValue } from '../lua-types.js';
import { BUTTONS, type Button } from '../machine.js';
import type { LuaApiHost, NativeTable } from './host.js';

const isButton = (name: string): name is Button => (BUTTONS as readonly string[]).includes(name);

/** `joypad`. Buttons stay as set until they are set again; unknown names are ignored. */
export const joypadApi = (host: LuaApiHost): NativeTable => {
  const held = new Map<string, boolean>();
  return {
    set: (call) => {
      const name = call.text(1).replace(/^P[12] /, '');
      const controller = call.integer(3) === 2 ? 2 : 1;
      if (!isButton(name)) return [];
      held.set(`P${controller} ${name}`, call.flag(2));
      host.machine.setButton(controller, name, call.flag(2));
      return [];
    },
    get: () =>
      new Map<string, LuaValue>(
        ([1, 2] as const).flatMap((controller) =>
          BUTTONS.map((name) => [`P${controller} ${name}`, held.get(`P${controller} ${name}`) ?? false] as const),
        ),
      ),
  };
};
