import type { LuaCall } from './lua-call.js';

/** What a native function gives to Lua. Text is UTF-8, bytes are exact, a map becomes a table. */
export type LuaValue = undefined | boolean | number | string | Uint8Array | ReadonlyMap<number | string, LuaValue>;

/**
 * A function of the host that Lua calls. Returns one value, or an array for several (an empty one for none).
 * It must not call back into Lua. Throwing raises a Lua error: {@link LuaError} as a string, anything else as an object.
 */
export type LuaNative = (call: LuaCall) => LuaValue | readonly LuaValue[];

/** Raised in Lua as a plain string, as a function written in C would. */
export class LuaError extends Error {
  override readonly name = 'LuaError';
}

/** Status codes of Lua's C API. */
export const LuaReturn = { ok: 0, yielded: 1 } as const;

/** Type tags of Lua's C API. */
export const LuaType = { none: -1, nil: 0, boolean: 1, number: 3, string: 4 } as const;

/** The part of wasmoon's WebAssembly module that is used: Lua 5.4's C API and the heap. Pointers are numbers. */
export interface WasmLua {
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  addFunction(callback: (thread: number) => number, signature: 'ii'): number;
  _luaL_newstate(): number;
  _luaL_openlibs(thread: number): void;
  _luaL_newmetatable(thread: number, name: number): number;
  _luaL_setmetatable(thread: number, name: number): void;
  _luaL_loadbufferx(thread: number, source: number, size: number, name: number, mode: number): number;
  _luaL_tolstring(thread: number, index: number, size: number): number;
  _lua_close(thread: number): void;
  _lua_newthread(thread: number): number;
  _lua_gettop(thread: number): number;
  _lua_settop(thread: number, index: number): void;
  _lua_pushvalue(thread: number, index: number): void;
  _lua_xmove(from: number, to: number, count: number): void;
  _lua_type(thread: number, index: number): number;
  _lua_tonumberx(thread: number, index: number, valid: number): number;
  _lua_toboolean(thread: number, index: number): number;
  _lua_tolstring(thread: number, index: number, size: number): number;
  _lua_pushnil(thread: number): void;
  _lua_pushboolean(thread: number, value: number): void;
  _lua_pushinteger(thread: number, value: bigint): void;
  _lua_pushnumber(thread: number, value: number): void;
  _lua_pushlstring(thread: number, pointer: number, size: number): number;
  _lua_pushcclosure(thread: number, callback: number, upvalues: number): void;
  _lua_createtable(thread: number, items: number, fields: number): void;
  _lua_setfield(thread: number, index: number, key: number): void;
  _lua_rawset(thread: number, index: number): void;
  _lua_newuserdatauv(thread: number, size: number, values: number): number;
  _lua_setiuservalue(thread: number, index: number, position: number): number;
  _lua_pcallk(thread: number, args: number, results: number, handler: number, context: number, k: number): number;
  _lua_resume(thread: number, from: number, args: number, results: number): number;
  _lua_error(thread: number): number;
}
