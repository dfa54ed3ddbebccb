// A whole game through the launcher's one function: a room, an emulator and the other player are stand-ins.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { ClientStatus } from '@causeway/protocol/archipelago';
import { startEmulator } from '@causeway/testbed/emulator';
import { module, readGameRom, stampRom } from '@causeway/testbed/game';
import { readRoomFile, startPartner, startServer } from '@causeway/testbed/server';
import { play } from './play.js';

const PATIENCE_MS = 120_000;

const room = await readRoomFile(fileURLToPath(import.meta.resolve('@causeway/testbed/rooms/duo.json')));
await using server = await startServer({ room });
const robin = server.room.slotNamed('Robin');
const pip = server.room.slotNamed('Pip');
assert(robin && pip, 'the room has two players');
const rom = stampRom(readGameRom(), { slotName: robin.name, seed: room.seed });
await using emulator = await startEmulator({ rom, port: 0, fps: 'max' });
await using _partner = startPartner({ url: server.url, slot: pip, paceMs: 50 });

const window: string[] = [];
const device = `bizhawk://127.0.0.1:${await emulator.ready}`;
await play(
  { device, server: server.url, modules: [module] },
  (line) => window.push(line),
  AbortSignal.timeout(PATIENCE_MS),
);

console.log(window.join('\n'));
assert.equal(server.room.status(robin.slot), ClientStatus.goal, 'the server knows of the goal');
const found = window.filter((line) => line.startsWith('You found: ')).flatMap((line) => line.slice(11).split(', '));
const checked = server.room.checked(robin.slot).map((id) => server.room.locationName(id, robin.slot));
assert.deepEqual(found.toSorted(), checked.toSorted(), 'the window showed every check, once');
assert(window.includes('Pip found your Axe'), 'the window showed what others found for us');
