import { CausewayError } from '@causeway/protocol/errors';
import type { GameModule } from '../game/contract.js';
import type { Logger } from '../logger.js';
import type { LoginRequest, Session } from '../session/contract.js';
import type { SessionEvent } from '../session/events.js';
import { openChosenDevice } from './chosen-device.js';
import type { RUN_FLAGS } from './common-flags.js';
import type { Engine, JoinedRoom } from './engine.js';
import { withoutLastWords } from './last-words.js';
import { printable } from './printable.js';
import type { RoomLogin } from './room-login.js';
import { Story } from './story.js';
import type { Terminal } from './terminal.js';
import type { TextChoice } from './text-categories.js';
import type { VerbCall } from './verb.js';

/** What stays the same from one session of a run to the next. */
export interface RunSetting {
  readonly call: VerbCall<typeof RUN_FLAGS>;
  readonly engine: Engine;
  readonly modules: readonly GameModule[];
  readonly logger: Logger;
  readonly terminal: Terminal;
  readonly categories: TextChoice;
}

/** One session of a run: from one login of the person's to the next. */
export class RunSession implements AsyncDisposable {
  readonly #setting: RunSetting;
  readonly #session: Session;
  #login: RoomLogin;
  #client: JoinedRoom | undefined;

  constructor(setting: RunSetting, login: RoomLogin) {
    this.#setting = setting;
    this.#login = login;
    const { call, engine, modules, logger } = setting;
    this.#session = engine.createSession({
      openDevice: (options) => openChosenDevice(call, options),
      openMultiworld: (request) => this.#join(request),
      modules,
      clock: call.host.clock,
      logger,
      observe: call.flags.observe,
      releaseHeld: call.flags['release-held'],
    });
    // Whoever plays hears of it.
    this.#session.done.catch(() => {});
  }

  /** The login, with what the person has added to it. */
  get login(): RoomLogin {
    return this.#login;
  }

  /** The login's other end; `undefined` as long as no game says what to log in for. */
  get client(): JoinedRoom | undefined {
    return this.#client?.status === 'closed' ? undefined : this.#client;
  }

  say(text: string): boolean {
    return this.#session.say(text);
  }

  /** Sends the checks that are held; returns how many there were. */
  releaseHeld(): number {
    return this.#session.releaseHeld();
  }

  /** Forgets the checks that are held; returns how many there were. */
  dropHeld(): number {
    return this.#session.dropHeld();
  }

  /** Tells what happens until the session ends; rejects with what ended it, unless that was `stop`. */
  async play(): Promise<void> {
    const { call, logger, categories } = this.#setting;
    const story = new Story((category) => categories.shows('prompt', category));
    for await (const event of withoutLastWords(this.#session.events())) {
      logger.info('session.event', loggable(event));
      this.#showOnScreen(event);
      if (call.flags.json) call.output.json(event);
      else for (const line of story.tell(event)) call.output.note(line);
      await call.output.drained();
    }
    await this.#session.done;
  }

  /** Ends in order. Twice is fine. */
  stop(): Promise<void> {
    return this.#session.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #showOnScreen(event: SessionEvent): void {
    if (event.event !== 'message' || !this.#setting.categories.shows('screen', event.topic ?? 'server')) return;
    this.#session.show(this.#setting.call.secrets.hide(printable(event.text)));
  }

  /** Logs in under the name the person gave, else the one the ROM says. */
  #join(request: LoginRequest): JoinedRoom {
    const { call, engine, logger } = this.#setting;
    const slot = this.#login.slot ?? request.identity.slotName;
    if (slot === undefined) {
      const { title } = request.identity;
      throw new CausewayError('slot_unknown', `Nothing says as which slot to log in.`, {
        context: { why: `The ROM, ${title}, does not name one, and neither does whoever started this.` },
      });
    }
    const { server, room } = this.#login;
    this.#client = engine.openMultiworld({
      server,
      ...(room === undefined ? {} : { room }),
      slot,
      password: (refused) => (refused ? this.#askPassword() : this.#login.password),
      request,
      clock: call.host.clock,
      logger,
      ...(call.flags.timeout === undefined ? {} : { timeoutMs: call.flags.timeout }),
    });
    return this.#client;
  }

  /** Asks after the server refused; nothing when there is nobody to ask, and the refusal stands. */
  async #askPassword(): Promise<string | undefined> {
    const { terminal, call } = this.#setting;
    if (!terminal.present) return undefined;
    const password = await terminal.ask(`Password of ${this.#login.server}:`, true);
    call.secrets.add(password);
    this.#login = { ...this.#login, password };
    return password;
  }
}

/** The text says what the parts say. */
const loggable = (event: SessionEvent): Readonly<Record<string, unknown>> => {
  if (event.event !== 'message') return { ...event };
  const { parts: _, ...rest } = event;
  return rest;
};
