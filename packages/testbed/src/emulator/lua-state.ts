import { LuaFactory } from 'wasmoon';
import { LuaCall } from './lua-call.js';
import { LuaError, type LuaNative, LuaReturn, type LuaValue, type WasmLua } from './lua-types.js';

const ERROR_METATABLE = 'causeway.host_error';

/** What a resumed thread did. */
export type Resumed =
  | { readonly state: 'yielded'; readonly values: readonly (number | boolean | string | undefined)[] }
  | { readonly state: 'finished' }
  | { readonly state: 'failed'; readonly message: string };

/**
 * A Lua 5.4 state in WebAssembly with a byte-safe border.
 *
 * wasmoon's own bindings pass strings through UTF-16 (a string of 256 different bytes arrives as nothing) and arrays
 * element by element, so its engine is left aside: this class speaks Lua's C API on the bare module.
 * Each state has a WebAssembly instance, and so a heap, of its own.
 */
export class LuaState {
  readonly #wasm: WasmLua;
  readonly #main: number;
  readonly #call: LuaCall;
  /** Four bytes of Lua's heap for `size_t *` and `int *` out-parameters. */
  readonly #cell: number;
  #scratch: number;
  #scratchSize = 4096;
  #closed = false;

  private constructor(wasm: WasmLua) {
    this.#wasm = wasm;
    this.#main = wasm._luaL_newstate();
    this.#cell = wasm._malloc(4);
    this.#scratch = wasm._malloc(this.#scratchSize);
    this.#call = new LuaCall(wasm, this.#cell);
    wasm._luaL_openlibs(this.#main);
    this.#withText(ERROR_METATABLE, (name) => wasm._luaL_newmetatable(this.#main, name));
    wasm._lua_settop(this.#main, 0);
  }

  static async create(): Promise<LuaState> {
    const lua = await new LuaFactory().getLuaModule();
    return new LuaState(lua.module as unknown as WasmLua);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes Lua holds, garbage included. */
  get heapBytes(): number {
    return this.#wasm.HEAPU8.length;
  }

  /** Frees the state. Metamethods `__gc` run now. Calling it twice is fine. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wasm._lua_close(this.#main);
  }

  /**
   * Runs `source` with one argument: a table of tables of native functions. Used once, for the prelude.
   *
   * @returns the thread on which the function that `source` returned will run, see {@link resume}
   */
  start(source: string, name: string, natives: Readonly<Record<string, Readonly<Record<string, LuaNative>>>>): number {
    const wasm = this.#wasm;
    const L = this.#main;
    const bytes = new TextEncoder().encode(source);
    const at = this.#place(bytes);
    const loaded = this.#withText(`=${name}`, (chunk) => wasm._luaL_loadbufferx(L, at, bytes.length, chunk, 0));
    if (loaded !== LuaReturn.ok) throw new Error(this.#takeText(L));
    this.#pushNatives(natives);
    if (wasm._lua_pcallk(L, 1, 1, 0, 0, 0) !== LuaReturn.ok) throw new Error(this.#takeText(L));
    const thread = wasm._lua_newthread(L);
    // The main stack keeps function and thread for good: nothing else refers to the thread.
    wasm._lua_pushvalue(L, 1);
    wasm._lua_xmove(L, thread, 1);
    return thread;
  }

  /** Resumes a thread with integers as arguments. */
  resume(thread: number, ...args: readonly number[]): Resumed {
    const wasm = this.#wasm;
    for (const arg of args) wasm._lua_pushinteger(thread, BigInt(arg));
    const outcome = wasm._lua_resume(thread, this.#main, args.length, this.#cell);
    if (outcome === LuaReturn.ok) return { state: 'finished' };
    if (outcome !== LuaReturn.yielded) return { state: 'failed', message: this.#takeText(thread) };
    const count = wasm.HEAP32[this.#cell >> 2] ?? 0;
    const top = wasm._lua_gettop(thread);
    this.#call.enter(thread);
    const values = [];
    for (let index = top - count + 1; index <= top; index++) values.push(this.#call.scalar(index));
    wasm._lua_settop(thread, top - count);
    return { state: 'yielded', values };
  }

  #pushNatives(natives: Readonly<Record<string, Readonly<Record<string, LuaNative>>>>): void {
    const wasm = this.#wasm;
    const L = this.#main;
    wasm._lua_createtable(L, 0, 0);
    for (const [space, functions] of Object.entries(natives)) {
      wasm._lua_createtable(L, 0, 0);
      for (const [name, native] of Object.entries(functions)) {
        wasm._lua_pushcclosure(L, wasm.addFunction(this.#wrap(native), 'ii'), 0);
        this.#withText(name, (key) => wasm._lua_setfield(L, -2, key));
      }
      this.#withText(space, (key) => wasm._lua_setfield(L, -2, key));
    }
  }

  #wrap(native: LuaNative): (thread: number) => number {
    return (thread) => {
      try {
        this.#call.enter(thread);
        const result = native(this.#call);
        if (!Array.isArray(result)) return this.#push(thread, result as LuaValue);
        for (const value of result as readonly LuaValue[]) this.#push(thread, value);
        return result.length;
      } catch (error) {
        this.#pushError(thread, error);
      }
      return this.#wasm._lua_error(thread);
    };
  }

  /** Failures of the host reach a script as objects, as exceptions of .NET do in EmuHawk; LuaSocket's are strings. */
  #pushError(thread: number, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof LuaError) {
      this.#push(thread, message);
      return;
    }
    this.#wasm._lua_newuserdatauv(thread, 1, 1);
    this.#push(thread, message);
    this.#wasm._lua_setiuservalue(thread, -2, 1);
    this.#withText(ERROR_METATABLE, (name) => this.#wasm._luaL_setmetatable(thread, name));
  }

  #push(thread: number, value: LuaValue): number {
    const wasm = this.#wasm;
    if (value === undefined) wasm._lua_pushnil(thread);
    else if (typeof value === 'boolean') wasm._lua_pushboolean(thread, value ? 1 : 0);
    else if (typeof value === 'number') this.#pushNumber(thread, value);
    else if (typeof value === 'string') this.#pushBytes(thread, new TextEncoder().encode(value));
    else if (value instanceof Uint8Array) this.#pushBytes(thread, value);
    else this.#pushTable(thread, value);
    return 1;
  }

  #pushBytes(thread: number, bytes: Uint8Array): void {
    this.#wasm._lua_pushlstring(thread, this.#place(bytes), bytes.length);
  }

  #pushNumber(thread: number, value: number): void {
    if (Number.isSafeInteger(value)) this.#wasm._lua_pushinteger(thread, BigInt(value));
    else this.#wasm._lua_pushnumber(thread, value);
  }

  #pushTable(thread: number, table: ReadonlyMap<number | string, LuaValue>): void {
    this.#wasm._lua_createtable(thread, 0, 0);
    for (const [key, value] of table) {
      this.#push(thread, key);
      this.#push(thread, value);
      this.#wasm._lua_rawset(thread, -3);
    }
  }

  /** Copies bytes into the scratch area of Lua's heap; valid until the next call. */
  #place(bytes: Uint8Array): number {
    if (bytes.length > this.#scratchSize) {
      this.#wasm._free(this.#scratch);
      this.#scratchSize = bytes.length * 2;
      this.#scratch = this.#wasm._malloc(this.#scratchSize);
    }
    // Read the view afresh: it is replaced whenever the heap grows.
    this.#wasm.HEAPU8.set(bytes, this.#scratch);
    return this.#scratch;
  }

  #withText<T>(text: string, use: (pointer: number) => T): T {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const pointer = this.#wasm._malloc(bytes.length);
    this.#wasm.HEAPU8.set(bytes, pointer);
    const result = use(pointer);
    this.#wasm._free(pointer);
    return result;
  }

  #takeText(thread: number): string {
    this.#call.enter(thread);
    const text = this.#call.describe(this.#wasm._lua_gettop(thread));
    this.#wasm._lua_settop(thread, -2);
    return text;
  }
}
