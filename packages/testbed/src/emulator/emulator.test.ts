import { describe, expect, it } from 'vitest';
import { startEmulator } from './emulator.js';
import { LineClient } from './test-support/line-client.js';
import { tinyRom } from './test-support/tiny-rom.js';

describe('our connector in the hosted emulator', () => {
  it('answers over TCP', async () => {
    await using emulator = await startEmulator({ rom: tinyRom(), port: 0, fps: 'max' });
    await using client = await LineClient.open(await emulator.ready);
    expect(await client.ask('VERSION')).toBe('1');
    expect(await client.batch({ type: 'PING' }, { type: 'SYSTEM' })).toEqual([
      { type: 'PONG' },
      { type: 'SYSTEM_RESPONSE', value: 'NES' },
    ]);
  });
});
