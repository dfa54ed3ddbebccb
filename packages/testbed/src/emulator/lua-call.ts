import { LuaType, type WasmLua } from './lua-types.js';

/**
 * The arguments of the call in progress. One object serves all calls: natives neither nest nor outlive their call.
 *
 * Readers throw what EmuHawk's bridge would: an error that reaches the script as an object.
 */
export class LuaCall {
  readonly #wasm: WasmLua;
  readonly #cell: number;
  readonly #text = new TextDecoder();
  #thread = 0;

  constructor(wasm: WasmLua, cell: number) {
    this.#wasm = wasm;
    this.#cell = cell;
  }

  /** Points at another call; for {@link LuaState} only. */
  enter(thread: number): void {
    this.#thread = thread;
  }

  /** Whether the argument is absent or nil. Positions start at 1. */
  isNil(index: number): boolean {
    return this.#wasm._lua_type(this.#thread, index) <= LuaType.nil;
  }

  /** A number or a numeric string. */
  number(index: number): number {
    this.#wasm.HEAP32[this.#cell >> 2] = 0;
    const value = this.#wasm._lua_tonumberx(this.#thread, index, this.#cell);
    if (this.#wasm.HEAP32[this.#cell >> 2] === 0) throw new TypeError(`argument ${index} must be a number`);
    return value;
  }

  /** A number without its fraction. */
  integer(index: number): number {
    return Math.trunc(this.number(index));
  }

  integerOr(index: number, fallback: number): number {
    return this.isNil(index) ? fallback : this.integer(index);
  }

  flag(index: number): boolean {
    return this.#wasm._lua_toboolean(this.#thread, index) !== 0;
  }

  /** A string as text; bytes that are no UTF-8 become U+FFFD. */
  text(index: number): string {
    return this.#text.decode(this.#view(index));
  }

  textOr<T>(index: number, fallback: T): string | T {
    return this.isNil(index) ? fallback : this.text(index);
  }

  /** A string as the bytes it is, copied. */
  bytes(index: number): Uint8Array {
    return this.#view(index).slice();
  }

  /** The value if it is a number, boolean or string. */
  scalar(index: number): number | boolean | string | undefined {
    const type = this.#wasm._lua_type(this.#thread, index);
    if (type === LuaType.number) return this.number(index);
    if (type === LuaType.boolean) return this.flag(index);
    return type === LuaType.string ? this.text(index) : undefined;
  }

  /** What Lua's `tostring` makes of the value. */
  describe(index: number): string {
    const pointer = this.#wasm._luaL_tolstring(this.#thread, index, this.#cell);
    const text = this.#text.decode(this.#slice(pointer));
    this.#wasm._lua_settop(this.#thread, -2);
    return text;
  }

  #view(index: number): Uint8Array {
    const type = this.#wasm._lua_type(this.#thread, index);
    if (type !== LuaType.string && type !== LuaType.number) throw new TypeError(`argument ${index} must be a string`);
    return this.#slice(this.#wasm._lua_tolstring(this.#thread, index, this.#cell));
  }

  #slice(pointer: number): Uint8Array {
    const size = this.#wasm.HEAP32[this.#cell >> 2] ?? 0;
    return this.#wasm.HEAPU8.subarray(pointer, pointer + size);
  }
}
