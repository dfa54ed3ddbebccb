import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { startEmulator } from '@causeway/testbed/emulator';
import { LOCATIONS, module, readGameRom, stampRom } from '@causeway/testbed/game';
import { startServer } from '@causeway/testbed/server';
import { expect, test } from 'vitest';
import { coinRoom } from './emberwalk-room.js';
import { Keyboard } from './keyboard.js';

const PASSWORD = 'correct horse/battery';

const bridge = {
  name: 'causeway-bizhawk',
  version: '0',
  about: 'The bridge under test.',
  loadDriver: async () => createBizHawkDriver(),
  loadModules: async () => [module],
};

test('a person plays at the prompt: lists, hints, the screen, leaving, coming back and moving to another room', async () => {
  await using server = await startServer({ room: coinRoom() });
  await using other = await startServer({ room: coinRoom(), seed: 'OTHER', password: PASSWORD });
  const onScreen: string[] = [];
  const rom = stampRom(readGameRom(), { slotName: 'Ana' });
  const onMessage = (text: string): void => void onScreen.push(text);
  await using emulator = await startEmulator({ rom, port: 0, fps: 240, onMessage });
  const device = `bizhawk://127.0.0.1:${await emulator.ready}`;
  const env = { CAUSEWAY_LOG_DIR: mkdtempSync(join(tmpdir(), 'causeway-prompt-')), NO_COLOR: '1' };
  await using person = new Keyboard(bridge, ['run', '--device', device, '--server', server.url], env);
  await person.shows('connected as Ana');

  const [first, second] = LOCATIONS.map(({ name }) => name);
  server.console(`/send_location Ben ${first}`);
  await person.shows(`received    Coin from Ben (${first})`);
  await expect.poll(() => onScreen).toContain(`Ben sent Coin to Ana (${first})`);
  person.type('/received');
  await person.shows('Received: 1 of 1.');
  await person.shows('1  Coin from');

  person.press('/locations', ' ', first?.toLowerCase() ?? '', '\t', '\r');
  await person.shows(`/locations ${first}`);
  await person.shows(`Locations: 1 of ${LOCATIONS.length}, `);
  person.type('/missing');
  await person.shows(`of ${LOCATIONS.length} locations.`);
  person.type('/items coin');
  await person.shows('Coin  received 1');
  person.type('/item_groups Everything');
  await person.shows('Everything: ');
  person.type('hello');
  await person.shows('chat        Ana: hello');
  person.type('/hint');
  await person.shows('room        A hint costs 2 points.');
  expect(onScreen.some((text) => text.includes('hello'))).toBe(false);
  person.type('/toggle_text chat on');
  await person.shows('incoming, hint, chat.');
  person.type('moin');
  await expect.poll(() => onScreen.some((text) => text.includes('Ana: moin'))).toBe(true);

  person.type('/disconnect');
  await person.shows('Left the room.');
  await expect.poll(() => server.connections).toBe(0);
  server.console(`/send_location Ben ${second}`);
  person.type('/connect');
  await person.shows('connected as Ana, Emberwalk');
  await person.shows('received    Coin');

  person.type(`/connect ${other.url}`);
  await person.shows('Password of');
  person.type(PASSWORD);
  await person.shows('connected as Ana, Emberwalk');
  expect(server.connections).toBe(0);
  person.type('/quit');
  expect(await person.ended).toBe(0);
  expect(person.screen).not.toContain(PASSWORD);
});
