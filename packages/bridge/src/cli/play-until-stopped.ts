import { CausewayError } from '@causeway/protocol/errors';
import { failureLines } from './failure.js';
import { completeLine } from './prompt/complete-line.js';
import { obeyLine } from './prompt/obey-line.js';
import { promptSetting, type SteeredRun } from './prompt/prompt-setting.js';
import { adminPassword, holdsSecret } from './prompt/typed-secret.js';
import type { RoomLogin } from './room-login.js';
import { RunSession, type RunSetting } from './run-session.js';

/** Exit codes of what a person at the prompt can put right: device, room and ROM do not go together yet. */
const MENDABLE: ReadonlySet<number> = new Set([3, 4, 5]);

/** Plays until the person quits; rejects with what ended it otherwise. */
export const playUntilStopped = (setting: RunSetting, login: RoomLogin): Promise<void> =>
  new Playing(setting, login).untilStopped();

/** One session after the other, as the person at the prompt wishes. */
class Playing implements SteeredRun {
  readonly #setting: RunSetting;
  #login: RoomLogin;
  #session: RunSession | undefined;
  /** The login that `/connect` asked for. */
  #wanted: RoomLogin | undefined;
  /** Whether the room was chosen at the prompt, so that a refusal is no reason to end. */
  #moved = false;
  #quit = false;
  /** Wakes whoever waits for a word of the person's. */
  #wake: () => void = () => {};

  constructor(setting: RunSetting, login: RoomLogin) {
    this.#setting = setting;
    this.#login = login;
  }

  get session(): RunSession | undefined {
    return this.#session;
  }

  get login(): RoomLogin {
    return this.#session?.login ?? this.#login;
  }

  moveTo(login: RoomLogin): void {
    this.#wanted = login;
    this.#moved = true;
    this.#interrupt();
  }

  goOn(): void {
    this.#wake();
  }

  quit(): void {
    this.#quit = true;
    this.#interrupt();
  }

  async untilStopped(): Promise<void> {
    const { terminal, call } = this.#setting;
    const prompt = promptSetting(this.#setting, this);
    const stop = (): void => this.#interrupt();
    call.signal.addEventListener('abort', stop);
    try {
      using _lines = terminal.listen({
        onLine: (line) => {
          const password = adminPassword(line);
          if (password !== undefined) call.secrets.add(password);
          void obeyLine(line, prompt);
        },
        onEnd: () => this.quit(),
        complete: (line) => completeLine(line, prompt),
        forget: holdsSecret,
      });
      while (!this.#quit) {
        call.signal.throwIfAborted();
        await this.#playOnce();
      }
    } finally {
      call.signal.removeEventListener('abort', stop);
    }
  }

  /** One session from start to end, and what has to be settled before the next. */
  async #playOnce(): Promise<void> {
    const failure = await this.#playSession();
    if (this.#quit) return;
    this.#setting.call.signal.throwIfAborted();
    if (failure !== undefined && !this.#wanted) await this.#mend(failure);
    this.#login = this.#wanted ?? this.#login;
    this.#wanted = undefined;
  }

  /** Returns what the session failed with, if it did. */
  async #playSession(): Promise<unknown> {
    await using session = new RunSession(this.#setting, this.#login);
    this.#session = session;
    try {
      await session.play();
      return undefined;
    } catch (error) {
      return error;
    } finally {
      this.#login = session.login;
      this.#session = undefined;
    }
  }

  /** Returns when there is reason to try again, rejects with the failure when there is none. */
  async #mend(failure: unknown): Promise<void> {
    const { terminal, call } = this.#setting;
    if (!terminal.present || !CausewayError.is(failure)) throw failure;
    if (failure.code === 'slot_unknown') {
      this.#login = { ...this.#login, slot: await terminal.ask('Slot name:') };
      return;
    }
    if (!this.#moved || !MENDABLE.has(failure.exitCode)) throw failure;
    for (const line of failureLines(failure, { command: call.command.name })) call.output.note(line);
    call.output.note('Not connected. /connect tries again, /connect ADDRESS joins another room, /quit ends.');
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    call.signal.throwIfAborted();
  }

  /** Ends the session of now, or the wait for a word. */
  #interrupt(): void {
    this.#wake();
    // What the session fails with is told by whoever plays it.
    this.#session?.stop().catch(() => {});
  }
}
