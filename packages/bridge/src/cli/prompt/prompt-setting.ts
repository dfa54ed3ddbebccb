import { saysNothingNew, typedRoomLogin } from '../room-login.js';
import type { RunSession, RunSetting } from '../run-session.js';
import { span } from '../styled-text.js';
import { NameGroups } from './name-groups.js';
import type { PromptSetting } from './prompt-command.js';

/** A run, as far as the prompt steers it. */
export interface SteeredRun {
  /** The session of now; `undefined` while the run waits for a word of the person's. */
  readonly session: RunSession | undefined;
  readonly login: RunSession['login'];
  /** Ends the session and begins another with this login. */
  moveTo(login: RunSession['login']): void;
  /** Tries again, if the run waits. */
  goOn(): void;
  quit(): void;
}

const LEFT_ROOM = 'What you find is kept and sent when you /connect again.';
const OBSERVING = 'Only observing: not sent.';
const NO_ROOM = 'Not connected to a room.';

/** What the words typed at the prompt act on, for one run. */
export const promptSetting = (setting: RunSetting, run: SteeredRun): PromptSetting => {
  const { output, signal } = setting.call;
  return {
    output,
    signal,
    categories: setting.categories,
    groups: new NameGroups(),
    client: () => run.session?.client,
    say: (text) => say(setting, run, text),
    connect: (address) => connect(setting, run, address),
    disconnect: () => disconnect(setting, run),
    ready: readyToggle(setting, run),
    release: () => settleHeld(setting, run.session?.releaseHeld(), 'sent'),
    drop: () => settleHeld(setting, run.session?.dropHeld(), 'forgotten'),
    quit: () => run.quit(),
  };
};

const say = ({ call: { flags, output } }: RunSetting, { session }: SteeredRun, text: string): void => {
  if (session?.say(text)) return;
  output.note(flags.observe ? OBSERVING : 'Not connected to the room: not sent.');
};

const connect = (setting: RunSetting, run: SteeredRun, address: string): void => {
  const { output, secrets } = setting.call;
  const login = address === '' ? run.login : typedRoomLogin(address, secrets);
  if (saysNothingNew(login, run.login)) {
    connectAgain(setting, run);
    return;
  }
  output.note(`Joining ${login.server}.`);
  run.moveTo(login);
};

const settleHeld = ({ call: { output } }: RunSetting, count = 0, fate: string): void =>
  output.note(count === 0 ? 'No checks are held.' : `${count} held ${count === 1 ? 'check' : 'checks'} ${fate}.`);

const connectAgain = ({ call: { output } }: RunSetting, run: SteeredRun): void => {
  const { server } = run.login;
  if (!run.session) {
    run.goOn();
    return;
  }
  const { client } = run.session;
  if (!client) output.note(`The game is not known yet. The login at ${server} follows it.`);
  else if (client.status === 'joined') output.note(`Already in the room at ${server}.`);
  else {
    output.note(`Connecting to ${server}.`);
    client.reconnect();
  }
};

const disconnect = ({ call: { output }, logger }: RunSetting, { session }: SteeredRun): void => {
  const client = session?.client;
  if (!client || client.status === 'left') {
    output.note(NO_ROOM);
    return;
  }
  client.disconnect();
  logger.info('run.left_room');
  output.note(span('warning', 'Left the room. '), LEFT_ROOM);
};

const readyToggle = ({ call: { flags, output } }: RunSetting, run: SteeredRun): (() => void) => {
  const readyClients = new WeakSet<object>();
  return () => {
    const client = run.session?.client;
    if (!client || flags.observe) {
      output.note(client ? OBSERVING : NO_ROOM);
      return;
    }
    const ready = !readyClients.delete(client);
    if (ready) readyClients.add(client);
    client.ready(ready);
    output.note(ready ? 'Ready.' : 'Not ready any more.');
  };
};
