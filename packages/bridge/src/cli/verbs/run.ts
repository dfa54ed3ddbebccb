import { CausewayError } from '@causeway/protocol/errors';
import type { GameModule } from '../../game/contract.js';
import type { Logger } from '../../logger.js';
import type { LoginRequest, Session } from '../../session/contract.js';
import { openChosenDevice } from '../chosen-device.js';
import type { RUN_FLAGS } from '../common-flags.js';
import type { Engine } from '../engine.js';
import { gameModules } from '../game-modules.js';
import { withoutLastWords } from '../last-words.js';
import { givenRoom, type RoomLogin, readRoomLogin } from '../room-login.js';
import { openRunLog } from '../run-log.js';
import { Story } from '../story.js';
import { Terminal } from '../terminal.js';
import { usageError } from '../usage-error.js';
import type { VerbCall, VerbProgram } from '../verb.js';
import { obeyLine } from './run-line.js';

/** One run. The login changes when the person adds to it. */
interface Run {
  readonly call: VerbCall<typeof RUN_FLAGS>;
  readonly engine: Engine;
  readonly modules: readonly GameModule[];
  readonly logger: Logger;
  readonly terminal: Terminal;
  login: RoomLogin;
}

const loadEngine = async (): Promise<Engine> => (await import('../real-engine.js')).realEngine;

/** Joins a device to a multiworld and plays until stopped. */
export const run: VerbProgram<typeof RUN_FLAGS> = {
  async run(call) {
    const { secrets, host, output, flags, command } = call;
    using terminal = new Terminal(call);
    const login = readRoomLogin(call, givenRoom(call) ?? (await askForRoom(terminal)));
    const modules = await gameModules(call);
    using log = openRunLog({ program: command.name, host, level: flags['log-level'] ?? 'info', secrets });
    if (log.path !== undefined) output.note(`Log: ${log.path}`);
    const engine = await (command.loadEngine ?? loadEngine)();
    try {
      await playUntilStopped({ call, engine, modules, logger: log.logger, terminal, login });
    } catch (error) {
      logEnd(log.logger, error);
      throw error;
    }
    return 0;
  },
};

/** The terminal shows three lines; whoever mends it needs the rest. */
const logEnd = (logger: Logger, error: unknown): void => {
  if (CausewayError.is(error) && error.code === 'interrupted') logger.info('run.stopped');
  else logger.error('run.failed', { error: error instanceof Error ? error.stack : String(error) });
};

const askForRoom = (terminal: Terminal): Promise<string> => {
  if (terminal.present) return terminal.ask('Room (HOST:PORT):');
  throw usageError('No room is given.', 'Give --server HOST:PORT or a link archipelago://SLOT@HOST:PORT.');
};

/** Plays; when the slot's name turns out to be missing, asks for it and plays on. */
const playUntilStopped = async (run: Run): Promise<void> => {
  for (;;) {
    try {
      return await play(run);
    } catch (error) {
      const nameless = CausewayError.is(error) && error.code === 'slot_unknown';
      if (!nameless || !run.terminal.present) throw error;
      run.login = { ...run.login, slot: await run.terminal.ask('Slot name:') };
    }
  }
};

/** One session from start to end. Resolves when the person quits, rejects with what ended it otherwise. */
const play = async (run: Run): Promise<void> => {
  const { call, terminal } = run;
  call.signal.throwIfAborted();
  await using session = openSession(run);
  let quit = false;
  // `stop` waits for `done`, whose failure is reported below.
  const stop = (): void => void session.stop().catch(() => {});
  const leave = (): void => {
    quit = true;
    stop();
  };
  session.done.catch(() => {});
  call.signal.addEventListener('abort', stop);
  try {
    using _lines = terminal.listen((line) => obeyLine(line, { session, output: call.output, quit: leave }), leave);
    await tellEvents(run, session);
    await session.done;
  } finally {
    call.signal.removeEventListener('abort', stop);
  }
  if (!quit) call.signal.throwIfAborted();
};

const openSession = (run: Run): Session => {
  const { call, engine, modules, logger } = run;
  return engine.createSession({
    openDevice: (options) => openChosenDevice(call, options),
    openMultiworld: (request) => joinRoom(run, request),
    modules,
    clock: call.host.clock,
    logger,
    observe: call.flags.observe,
  });
};

/** Logs in under the name the person gave, else the one the ROM says. */
const joinRoom = (run: Run, request: LoginRequest) => {
  const { call, engine, login, logger } = run;
  const slot = login.slot ?? request.identity.slotName;
  if (slot === undefined) {
    const { title } = request.identity;
    throw new CausewayError('slot_unknown', `Nothing says as which slot to log in.`, {
      context: { why: `The ROM, ${title}, does not name one, and neither does the command line.` },
    });
  }
  return engine.openMultiworld({
    server: login.server,
    slot,
    password: (refused) => (refused ? askPassword(run) : run.login.password),
    request,
    clock: call.host.clock,
    logger,
    ...(call.flags.timeout === undefined ? {} : { timeoutMs: call.flags.timeout }),
  });
};

/** Asks after the server refused; nothing when there is nobody to ask, and the refusal stands. */
const askPassword = async (run: Run): Promise<string | undefined> => {
  if (!run.terminal.present) return undefined;
  const password = await run.terminal.ask(`Password of ${run.login.server}:`, true);
  run.call.secrets.add(password);
  run.login = { ...run.login, password };
  return password;
};

const tellEvents = async ({ call, logger }: Run, session: Session): Promise<void> => {
  const story = new Story();
  for await (const event of withoutLastWords(session.events())) {
    logger.info('session.event', { ...event });
    if (call.flags.json) call.output.json(event);
    else for (const line of story.tell(event)) call.output.note(line);
    await call.output.drained();
  }
};
