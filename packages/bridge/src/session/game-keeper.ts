import type { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import type { Device, RomIdentity } from '../device/contract.js';
import type { SessionOptions } from './contract.js';
import { GameRun, type RunOptions } from './game-run.js';
import { type Identified, identifyGame, sameGame } from './identify-game.js';
import { waitAtMost } from './nap.js';

/** A game that cannot be recognised for this long is not there: ROMs load and memory fills in steps, milliseconds. */
const UNRECOGNISED_MS = 2000;
/** What a login gets to close, milliseconds. */
const CLOSE_MS = 2000;

export interface GameKeeperOptions extends Omit<RunOptions, 'game'> {
  readonly modules: SessionOptions['modules'];
  readonly clock: Clock;
  /** Nothing new is begun once it aborted. */
  readonly ending: AbortSignal;
  /** Gives up what is under way. */
  readonly cut: AbortSignal;
}

/** Knows which game runs, and keeps its {@link GameRun} for exactly as long as it does. */
export class GameKeeper {
  readonly #options: GameKeeperOptions;
  #run: GameRun | undefined;
  #unrecognisedSince: number | undefined;

  constructor(options: GameKeeperOptions) {
    this.#options = options;
  }

  get run(): GameRun | undefined {
    return this.#run;
  }

  /** The device is gone: nobody plays until it is back, and its successor gets as long to show a game as any. */
  suspend(): void {
    this.#unrecognisedSince = undefined;
    this.#run?.suspend();
  }

  /**
   * The run of the game on this device; an error when no module has known it for a while; `undefined` while that is open.
   * Rejects when the device is lost, with `game_module_failed`, and with what `openMultiworld` throws.
   */
  async recognise(device: Device, rom: RomIdentity): Promise<GameRun | CausewayError | undefined> {
    const { modules, cut, ending } = this.#options;
    const found = await identifyGame(device, modules, rom, cut);
    if (ending.aborted) return undefined;
    return found.kind === 'game' ? this.#adopt(found) : this.#unrecognised(found.error);
  }

  async close(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    if (run) await waitAtMost(this.#options.clock, CLOSE_MS, run.close());
  }

  async #adopt({ game }: Extract<Identified, { kind: 'game' }>): Promise<GameRun | undefined> {
    this.#unrecognisedSince = undefined;
    if (this.#run && sameGame(this.#run.game, game)) {
      this.#run.recognisedAgain(game);
      return this.#run;
    }
    await this.close();
    // While the old slot's login was closing, the session may have been told to end.
    if (this.#options.ending.aborted) return undefined;
    const { module, identity } = game;
    this.#options.emit({ event: 'game.selected', game: module.game, module: module.id, title: identity.title });
    this.#run = new GameRun({ ...this.#options, game });
    return this.#run;
  }

  async #unrecognised(error: CausewayError): Promise<CausewayError | undefined> {
    const now = this.#options.clock.now();
    this.#unrecognisedSince ??= now;
    if (now - this.#unrecognisedSince < UNRECOGNISED_MS) return undefined;
    await this.close();
    return error;
  }
}
