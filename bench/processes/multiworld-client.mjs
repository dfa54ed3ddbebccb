// One client, ours or archipelago.js, logs in and says how long that took. Plain JavaScript, because a loader would count
// in its memory. Arguments: client, JSON of { url, slot, game, cache, save, names }.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [client, json = '{}'] = process.argv.slice(2);
const { url, slot, game, cache, save, names } = JSON.parse(json);
// The suites in tests/ are the one place that has the other library, and its WebSocket.
const foreign = createRequire(new URL('../../tests/package.json', import.meta.url));
const { WebSocket } = foreign('ws');
let itemList;

/** From a message's being handed over by the socket to its being handled: both libraries handle one at once. */
const timeMessages = () => {
  const emit = WebSocket.prototype.emit;
  WebSocket.prototype.emit = function (event, ...rest) {
    if (event !== 'message') return emit.call(this, event, ...rest);
    const begun = performance.now();
    const heard = emit.call(this, event, ...rest);
    const ms = performance.now() - begun;
    // Looked for after the clock has stopped.
    if (rest[0].includes('"ReceivedItems"')) itemList ??= { bytes: rest[0].length, ms };
    return heard;
  };
};

const ours = async () => {
  const { diskDataPackages, openMultiworld } = await import('@causeway/bridge/multiworld');
  const folder = cache ?? save;
  const begun = performance.now();
  const store = folder ? diskDataPackages({ folder }) : undefined;
  let items = 0;
  const multiworld = await new Promise((resolve, reject) => {
    const opened = openMultiworld({
      address: url,
      slotName: slot,
      game,
      itemsHandling: 7,
      ...(store ? { dataPackages: store } : {}),
      onEvent: (event) => {
        if (event.kind === 'items') items += event.items.length;
        if (event.kind === 'joined') resolve(opened);
        if (event.kind === 'refused' || event.kind === 'lost') reject(event.error);
      },
    });
  });
  const loginMs = performance.now() - begun;
  if (save) await store.idle();
  return {
    loginMs,
    items: () => items,
    /** One name of every game, as a room in which everybody finds something. */
    names: () =>
      multiworld.room.players.map((player, index) => multiworld.names.item(1_000_000 * (index + 1), player.slot)),
  };
};

const archipelagoJs = async () => {
  const { Client } = await import(pathToFileURL(foreign.resolve('archipelago.js')).href);
  globalThis.WebSocket = WebSocket;
  const begun = performance.now();
  const opened = new Client();
  let items = 0;
  opened.items.on('itemsReceived', (received) => {
    items += received.length;
  });
  if (cache) opened.package.importPackage(JSON.parse(readFileSync(cache, 'utf8')));
  await opened.login(url, slot, game);
  const loginMs = performance.now() - begun;
  if (save) writeFileSync(save, JSON.stringify(opened.package.exportPackage()));
  return {
    loginMs,
    items: () => items,
    names: () =>
      opened.players.teams[0]
        .slice(1)
        .map((player, index) => opened.package.lookupItemName(player.game, 1_000_000 * (index + 1))),
  };
};

timeMessages();
const session = await (client === 'archipelago.js' ? archipelagoJs() : ours());
const namesBegun = performance.now();
const found = names ? session.names() : [];
const named = found.filter((name) => typeof name === 'string' && !name.startsWith('Unknown')).length;
const namesMs = performance.now() - namesBegun;
process.on('disconnect', () => process.exit());
process.send({ kind: 'joined', loginMs: session.loginMs, namesMs, named, items: session.items(), itemList });
