import { CausewayError } from '@causeway/protocol/errors';
import type { Frame, GameIdentity, GameModule, ReadPlan, StepResult } from '../game/contract.js';
import type { Room } from '../multiworld/room.js';

/** Calls a game module and turns whatever it throws into `game_module_failed`. */
export class ModuleHost {
  readonly #module: GameModule;
  readonly #identity: GameIdentity;
  #state: unknown;
  #epoch = 0;

  constructor(module: GameModule, identity: GameIdentity) {
    this.#module = module;
    this.#identity = identity;
  }

  /** Rises with every start: a snapshot read for an earlier one must not be stepped. */
  get epoch(): number {
    return this.#epoch;
  }

  start(room: Room): void {
    this.#epoch++;
    this.#state = this.#guarded('start', () => this.#module.start(this.#identity, room));
  }

  plan(room: Room): ReadPlan {
    return this.#guarded('plan', () => this.#module.plan(this.#state, room));
  }

  step(frame: Frame, room: Room): StepResult<unknown> {
    const result = this.#guarded('step', () => this.#module.step(frame, room, this.#state));
    this.#state = result.state;
    return result;
  }

  /** The memory the plan took for granted has moved. */
  guardFailed(room: Room): void {
    if (this.#module.guardFailed) {
      this.#state = this.#guarded('guardFailed', () => this.#module.guardFailed?.(this.#state, room));
    } else this.start(room);
  }

  #guarded<T>(phase: string, call: () => T): T {
    try {
      return call();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new CausewayError('game_module_failed', `The module ${this.#module.id} failed in ${phase}: ${message}`, {
        cause,
        context: { module: this.#module.id, phase },
      });
    }
  }
}
