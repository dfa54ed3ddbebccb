import { str, typeName } from '../python/repr.js';
import { isDict, type PyDict, type PyValue, raise } from '../python/values.js';
import { iterate, locationIds, required } from './arguments.js';
import { bounce } from './bounce.js';
import { registerChecks } from './checks.js';
import type { Client } from './client.js';
import { connectUpdate, sync } from './connect-update.js';
import { createHints, updateHint } from './hint-commands.js';
import { connect } from './login.js';
import { refuse } from './refusal.js';
import type { RoomContext } from './room-context.js';
import { sendDataPackage } from './room-info.js';
import { say } from './say.js';
import { scoutLocations } from './scouts.js';
import { updateStatus } from './status.js';
import { getValues, setValue, watchKeys } from './storage.js';

type Handler = (room: RoomContext, client: Client, args: PyDict) => void;

const checkLocations: Handler = (room, client, args) => {
  if (client.nonGame) {
    return refuse(room, client, 'LocationChecks', "Trackers can't register new Location Checks", 'cmd');
  }
  registerChecks(room, client.slot, locationIds(required(args, 'locations')));
};

const getDataPackage: Handler = (room, client, args) => {
  const names = (field: string): ReadonlySet<PyValue> => new Set(iterate(args.get(field) ?? []));
  const wanted = names('games');
  const unwanted = names('exclusions');
  sendDataPackage(room, client, (game) => (args.has('games') ? wanted.has(game) : !unwanted.has(game)));
};

/** Answered whether or not the client is logged in. */
const OPEN: ReadonlyMap<string, Handler> = new Map([
  ['Connect', connect],
  ['GetDataPackage', getDataPackage],
]);

/** Ignored in silence before login. */
const MEMBERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['ConnectUpdate', connectUpdate],
  ['Sync', sync],
  ['LocationChecks', checkLocations],
  ['LocationScouts', scoutLocations],
  ['CreateHints', createHints],
  ['UpdateHint', updateHint],
  ['StatusUpdate', updateStatus],
  ['Say', say],
  ['Bounce', (room, _client, args) => bounce(room, args)],
  ['Get', getValues],
  ['Set', setValue],
  ['SetNotify', watchKeys],
]);

/** Handles one command. Raises where the reference server drops the connection; unknown commands are ignored. */
export const dispatch = (room: RoomContext, client: Client, command: PyValue): void => {
  const cmd = isDict(command) ? command.get('cmd') : undefined;
  if (!isDict(command) || cmd === undefined) {
    invalidCommand(room, client, `Could not get command from ${str(command)} at \`cmd\``);
    raise('no command');
    return;
  }
  if (typeof cmd !== 'string') {
    invalidCommand(room, client, `Command should be str, got <class '${typeName(cmd)}'>`);
    return;
  }
  const handler = OPEN.get(cmd) ?? (client.loggedIn ? MEMBERS.get(cmd) : undefined);
  handler?.(room, client, command);
};

const invalidCommand = (room: RoomContext, client: Client, text: string): void =>
  room.outbox.reply(client, { cmd: 'InvalidPacket', type: 'cmd', original_cmd: null, text });
