import type { Logger } from '@causeway/bridge';
import type { Activity } from './activity.js';
import type { NativeTable } from './lua-api/host.js';
import { API } from './lua-prelude/api.js';
import { ROOT, SCHEDULER, type Step } from './lua-prelude/scheduler.js';
import { SOCKET } from './lua-prelude/socket.js';
import { LuaState } from './lua-state.js';

const WAITING = 1;

/**
 * A script in its Lua state, run in steps.
 *
 * A step is over at once unless the script waits for a socket: then {@link run} returns a promise and the event loop goes on,
 * while the emulated machine stands still as it would in EmuHawk.
 */
export class LuaHost {
  readonly #state: LuaState;
  readonly #root: number;
  readonly #activity: Activity;
  readonly #logger: Logger;
  #busy = false;

  private constructor(state: LuaState, root: number, activity: Activity, logger: Logger) {
    this.#state = state;
    this.#root = root;
    this.#activity = activity;
    this.#logger = logger;
  }

  static async create(
    natives: Readonly<Record<string, NativeTable>>,
    activity: Activity,
    logger: Logger,
  ): Promise<LuaHost> {
    const state = await LuaState.create();
    const root = state.start(`${SCHEDULER}${API}${SOCKET}${ROOT}`, 'causeway-host', natives);
    return new LuaHost(state, root, activity, logger);
  }

  get closed(): boolean {
    return this.#state.closed;
  }

  /** Whether a script waits inside a step. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Bytes of the WebAssembly heap Lua lives in. */
  get heapBytes(): number {
    return this.#state.heapBytes;
  }

  /** Runs one step. After {@link close} this does nothing. */
  run(step: Step, argument = 0): undefined | Promise<void> {
    if (this.closed) return undefined;
    const seconds = this.#resume(step, argument);
    return seconds === undefined ? undefined : this.#finish(seconds);
  }

  /** Ends the state; a step that waits returns. Calling it twice is fine. */
  close(): void {
    if (this.closed) return;
    this.#state.close();
    this.#activity.notify();
  }

  async #finish(firstWait: number): Promise<void> {
    this.#busy = true;
    for (let seconds: number | undefined = firstWait; seconds !== undefined; ) {
      await this.#activity.wait(seconds);
      if (this.closed) break;
      seconds = this.#resume();
    }
    this.#busy = false;
  }

  /** @returns seconds the script waits, or `undefined` when the step is over */
  #resume(...args: readonly number[]): number | undefined {
    const outcome = this.#state.resume(this.#root, ...args);
    if (outcome.state === 'yielded') {
      const [kind, seconds] = outcome.values;
      return kind === WAITING && typeof seconds === 'number' ? seconds : undefined;
    }
    // Scripts cannot end the scheduler; this is out of memory or a fault of ours.
    this.#logger.error('lua.host_failed', { message: outcome.state === 'failed' ? outcome.message : 'it ended' });
    this.close();
    return undefined;
  }
}
