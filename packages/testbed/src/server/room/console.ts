import { writeJson } from '../python/write-json.js';
import { collectSlot, releaseSlot } from './checks.js';
import { sendItems, sendLocation } from './console-gifts.js';
import { giveHints } from './console-hints.js';
import { startCountdown } from './countdown.js';
import { broadcastText } from './messages.js';
import { playersText, statusText } from './overview.js';
import { slotMeant } from './player-lookup.js';
import type { RoomContext } from './room-context.js';
import { sendAliases } from './room-info.js';
import { optionLines, setOption } from './room-settings.js';

/** What a console command works with. */
export interface ConsoleCall {
  readonly room: RoomContext;
  /** Words after the command; the first may be quoted. */
  readonly words: readonly string[];
  readonly print: (line: string) => void;
}

type ConsoleCommand = readonly [usage: string, run: (call: ConsoleCall) => void];

/** Runs `then` for the player named first, or says who is unclear. */
const withPlayer = (call: ConsoleCall, then: (slot: number, rest: string) => void): void => {
  const [name = '', ...rest] = call.words;
  const slot = slotMeant(call.room, name);
  if (typeof slot === 'string') {
    call.print(slot);
    return;
  }
  then(slot, rest.join(' '));
};

const COMMANDS: ReadonlyMap<string, ConsoleCommand> = new Map(
  Object.entries<ConsoleCommand>({
    help: ['', ({ print }) => print(helpText())],
    license: ['', ({ print }) => print('This server is part of Causeway, which is under the MIT licence.')],
    options: ['', ({ room, print }) => [...optionLines(room)].forEach((line) => void print(line))],
    save: ['', ({ room }) => room.onSave()],
    players: ['', ({ room, print }) => print(playersText(room))],
    status: ['[TAG]', ({ room, words, print }) => print(statusText(room, words.join(' ')))],
    exit: ['', ({ room }) => room.onExit()],
    alias: ['PLAYER [ALIAS]', (call) => withPlayer(call, (slot, alias) => setAlias(call, slot, alias))],
    collect: ['PLAYER', (call) => withPlayer(call, (slot) => collectSlot(call.room, slot))],
    release: ['PLAYER', (call) => withPlayer(call, (slot) => releaseSlot(call.room, slot))],
    countdown: ['[SECONDS]', ({ room, words, print }) => sayProblem(print, startCountdown(room, words.join(' ')))],
    allow_release: ['PLAYER', (call) => withPlayer(call, (slot) => allowRelease(call, slot, true))],
    forbid_release: ['PLAYER', (call) => withPlayer(call, (slot) => allowRelease(call, slot, false))],
    send: ['PLAYER ITEM', (call) => withPlayer(call, (slot, item) => sendItems(call, slot, item, undefined))],
    send_multiple: ['COUNT PLAYER ITEM', (call) => sendSeveral(call)],
    send_location: ['PLAYER LOCATION', (call) => withPlayer(call, (slot, name) => sendLocation(call, slot, name))],
    hint: ['PLAYER ITEM', (call) => withPlayer(call, (slot, name) => giveHints(call, slot, name, 'item'))],
    hint_location: [
      'PLAYER LOCATION',
      (call) => withPlayer(call, (slot, name) => giveHints(call, slot, name, 'location')),
    ],
    option: [
      'NAME VALUE',
      ({ room, words, print }) => setOption(room, words[0] ?? '', words.slice(1).join(' '), print),
    ],
    datastore: ['', ({ room, print }) => print(writeJson(room.state.stored))],
  }),
);

const helpText = (): string => [...COMMANDS].map(([name, [usage]]) => `/${name} ${usage}`.trim()).join('\n');

const sayProblem = (print: (line: string) => void, problem: string | undefined): void => {
  if (problem !== undefined) print(problem);
};

const setAlias = ({ room }: ConsoleCall, slot: number, alias: string): void => {
  room.stateOf(slot).alias = alias === '' ? undefined : alias;
  sendAliases(room);
};

const allowRelease = ({ room, print }: ConsoleCall, slot: number, allowed: boolean): void => {
  room.stateOf(slot).release = allowed;
  print(`${room.nameOf(slot)} ${allowed ? 'may' : 'may not'} release now`);
};

const MAX_AT_ONCE = 1000;

const sendSeveral = (call: ConsoleCall): void => {
  const [count = '', ...words] = call.words;
  const amount = Number(count);
  if (!Number.isInteger(amount) || amount < 1 || amount > MAX_AT_ONCE) {
    call.print(`'${count}' is no number from 1 to ${MAX_AT_ONCE}`);
    return;
  }
  withPlayer({ ...call, words }, (slot, item) => sendItems(call, slot, item, amount));
};

/** One line typed by the host: a `/command`, or chat of the server. `print` gets what only the host sees. */
export const runConsole = (room: RoomContext, line: string, print: (line: string) => void): void => {
  if (!line.startsWith('/')) {
    broadcastText(room, `[Server]: ${line}`, { type: 'ServerChat', message: line });
    return;
  }
  const [name = '', ...words] = wordsOf(line.slice(1));
  const command = COMMANDS.get(name.toLowerCase());
  if (!command) {
    print(`Could not find command ${name}. Known commands: ${[...COMMANDS.keys()].join(', ')}`);
    return;
  }
  command[1]({ room, words, print });
};

/** Splits at spaces; double quotes keep words together. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
