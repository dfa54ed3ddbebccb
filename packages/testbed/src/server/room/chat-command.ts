import { adminCommand } from './admin-command.js';
import type { Client } from './client.js';
import { startCountdown } from './countdown.js';
import { hintItem, hintLocation } from './hint-shopping.js';
import { listChecked, listMissing, listRemaining } from './listings.js';
import { broadcastText, notify, printJson } from './messages.js';
import { playersText, statusText } from './overview.js';
import { cheatItem, collectOwn, releaseOwn } from './own-slot-commands.js';
import type { RoomContext } from './room-context.js';
import { sendAliases } from './room-info.js';
import { optionLines } from './room-settings.js';

/** One caller of a chat command. */
export interface Caller {
  readonly room: RoomContext;
  readonly client: Client;
  /** Answers the caller only. */
  readonly tell: (...lines: readonly string[]) => void;
}

interface ChatCommand {
  /** Usage and explanation as `!help` prints them, each line without its indent. */
  readonly usage: string;
  readonly help: readonly string[];
  run(caller: Caller, argument: string): void;
}

const BROADCAST_BELOW = 10;
const MAX_ALIAS = 16;

/** In the order `!help` lists them. */
const COMMANDS: ReadonlyMap<string, ChatCommand> = new Map(
  Object.entries<ChatCommand>({
    help: { usage: '', help: ['Returns the help listing'], run: ({ tell }) => tell(helpText()) },
    license: {
      usage: '',
      help: ['Returns the licensing information'],
      run: ({ tell }) => tell('This server is part of Causeway, which is under the MIT licence.'),
    },
    options: {
      usage: '',
      help: ['List all current options. Warning: lists password.'],
      run: ({ room, tell }) => {
        for (const line of ['Current options:', ...optionLines(room)]) tell(line);
      },
    },
    admin: {
      usage: '[command]',
      help: [
        'Allow remote administration of the multiworld server',
        'Usage: "!admin login <password>" in order to log in to the remote interface.',
        'Once logged in, you can then use "!admin <command>" to issue commands.',
        'If you need further help once logged in.  use "!admin /help" ',
      ],
      run: adminCommand,
    },
    players: {
      usage: '',
      help: ['Get information about connected and missing players.'],
      run: ({ room, tell }) => {
        const text = playersText(room);
        if (room.definition.slots.size < BROADCAST_BELOW) broadcastText(room, text, { type: 'CommandResult' });
        else tell(text);
      },
    },
    status: {
      usage: '[tag]',
      help: [
        'Get status information about your team.',
        'Optionally mention a Tag name and get information on who has that Tag.',
        'For example: DeathLink or EnergyLink.',
      ],
      run: ({ room, tell }, tag) => tell(statusText(room, tag)),
    },
    release: { usage: '', help: ['Sends remaining items in your world to their recipients.'], run: releaseOwn },
    collect: { usage: '', help: ['Send your remaining items to yourself'], run: collectOwn },
    countdown: {
      usage: 'seconds=10',
      help: ['Start a countdown in seconds'],
      run: ({ room, tell }, seconds) => {
        const problem = startCountdown(room, seconds);
        if (problem !== undefined) tell(problem);
      },
    },
    remaining: {
      usage: '',
      help: ['List remaining items in your game, but not their location or recipient'],
      run: listRemaining,
    },
    missing: {
      usage: '[filter_text]',
      help: [
        "List all missing location checks from the server's perspective.",
        'Can be given text, which will be used as filter.',
      ],
      run: listMissing,
    },
    checked: {
      usage: '[filter_text]',
      help: [
        "List all done location checks from the server's perspective.",
        'Can be given text, which will be used as filter.',
      ],
      run: listChecked,
    },
    alias: {
      usage: '[alias_name]',
      help: ['Set your alias to the passed name.'],
      run: (caller, name) => setAlias(caller, name),
    },
    getitem: { usage: 'item_name', help: ['Cheat in an item, if it is enabled on this server'], run: cheatItem },
    hint: {
      usage: '[item_name]',
      help: [
        'Use !hint {item_name},',
        'for example !hint Lamp to get a spoiler peek for that item.',
        'If hint costs are on, this will only give you one new result,',
        'you can rerun the command to get more in that case.',
      ],
      run: hintItem,
    },
    hint_location: {
      usage: '[location]',
      help: [
        'Use !hint_location {location_name},',
        'for example !hint_location atomic-bomb to get a spoiler peek for that location.',
      ],
      run: hintLocation,
    },
  }),
);

const helpText = (): string =>
  [...COMMANDS]
    .map(([name, { usage, help }]) => `!${name} ${usage && `${usage} `}\n    ${help.join('\n    ')}\n`)
    .join('');

const setAlias = ({ room, client, tell }: Caller, name: string): void => {
  const alias = name.slice(0, MAX_ALIAS).trim();
  room.stateOf(client.slot).alias = alias === '' ? undefined : alias;
  tell(alias === '' ? 'Removed Alias' : `Hello, ${alias}`);
  sendAliases(room);
};

/** Runs a chat text that starts with `!`. */
export const runChatCommand = (room: RoomContext, client: Client, text: string): void => {
  const tell = (...lines: readonly string[]): void =>
    notify(room, client, ...lines.map((line) => printJson(line, { type: 'CommandResult' })));
  const [name = '', ...rest] = text.slice(1).split(' ');
  const command = COMMANDS.get(name.toLowerCase());
  if (command) {
    command.run({ room, client, tell }, rest.join(' ').trim());
    return;
  }
  tell(`Could not find command ${name}. Known commands: ${[...COMMANDS.keys()].join(', ')}`);
};
