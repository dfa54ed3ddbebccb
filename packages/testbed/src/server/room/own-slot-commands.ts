import { ClientStatus, SpecialLocation } from '@causeway/protocol/archipelago';
import { equal } from '../python/compare.js';
import type { Caller } from './chat-command.js';
import { collectSlot, releaseSlot } from './checks.js';
import { fuzzyMatch, unclearText } from './fuzzy-match.js';
import { giveCheatItems, sendNewItems } from './items.js';
import { broadcastText } from './messages.js';
import type { Mode } from './room-definition.js';
import { networkItem } from './room-state.js';

/** Whether a player may do it now, or the words that say why not. */
const refusalFor = (mode: Mode, finished: boolean, verb: string, word: string): string | undefined => {
  if (mode.includes('enabled')) return undefined;
  const ask = `You can ask the server admin for a /${word}`;
  if (mode === 'disabled') return `Sorry, client item ${verb} has been disabled on this server. ${ask}`;
  const what = word === 'release' ? 'item releasing' : 'collecting';
  return finished ? undefined : `Sorry, client ${what} requires you to have beaten the game on this server. ${ask}`;
};

/** `!release` */
export const releaseOwn = ({ room, client, tell }: Caller): void => {
  const { release, status } = room.stateOf(client.slot);
  const finished = equal(status, ClientStatus.goal);
  if (release === false) {
    tell('Sorry, the server admin has forbidden you to release');
    return;
  }
  const problem = release ? undefined : refusalFor(room.options.releaseMode, finished, 'releasing', 'release');
  if (problem !== undefined) {
    tell(problem);
    return;
  }
  releaseSlot(room, client.slot);
};

/** `!collect` */
export const collectOwn = ({ room, client, tell }: Caller): void => {
  const finished = equal(room.stateOf(client.slot).status, ClientStatus.goal);
  const problem = refusalFor(room.options.collectMode, finished, 'collecting', 'collect');
  if (problem !== undefined) {
    tell(problem);
    return;
  }
  collectSlot(room, client.slot);
};

/** `!getitem` */
export const cheatItem = ({ room, client, tell }: Caller, typed: string): void => {
  if (!room.options.itemCheat) {
    tell('Cheating is disabled on this server.');
    return;
  }
  const { slot } = client;
  const items = room.game(room.slot(slot).game)?.items ?? new Map<string, number>();
  const match = fuzzyMatch(typed, [...items.keys()]);
  if (!match) {
    tell('This game has no items.');
    return;
  }
  if (match.kind === 'unclear') {
    tell(unclearText(typed, match));
    return;
  }
  const item = networkItem(items.get(match.name) ?? 0, SpecialLocation.cheatConsole, slot, 0);
  giveCheatItems(room, slot, item, 1);
  const text = `Cheat console: sending "${match.name}" to ${room.nameOf(slot)}`;
  broadcastText(room, text, { type: 'ItemCheat', team: 0, receiving: slot, item });
  sendNewItems(room, [slot]);
};
