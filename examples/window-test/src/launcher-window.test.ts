// #region test
import { fileURLToPath } from 'node:url';
import { startEmulator } from '@causeway/testbed/emulator';
import { module, readGameRom, stampRom } from '@causeway/testbed/game';
import { readRoomFile, startServer } from '@causeway/testbed/server';
import { test } from 'vitest';
import { LauncherWindow } from './launcher-window.js'; // yours

const ROOM = fileURLToPath(import.meta.resolve('@causeway/testbed/rooms/duo.json'));

test('goes on where it was when the room restarts and the emulator is reset', async () => {
  await using server = await startServer({ room: await readRoomFile(ROOM) });
  await using emulator = await startEmulator({
    rom: stampRom(readGameRom(), { slotName: 'Robin' }),
    port: 0,
    fps: 'max',
  });
  const device = `bizhawk://127.0.0.1:${await emulator.ready}`;
  await using window = new LauncherWindow({ device, server: server.url, modules: [module] });

  await window.shows('Received');
  await server.restart();
  await window.shows('Connection lost');
  emulator.softReset();
  await window.shows('Playing as Robin');
  await window.shows('Received');
});
// #endregion test
