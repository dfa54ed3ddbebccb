// Looks over the shoulder of the hero of our NES game, then changes a byte the game does not use.
import assert from 'node:assert/strict';
import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { startEmulator } from '@causeway/testbed/emulator';
import { RAM, readGameRom, stampRom } from '@causeway/testbed/game';
import { exchange } from './exchange.js';
import { watchByte } from './watch-byte.js';

const STEPS = 8;

const rom = stampRom(readGameRom(), { slotName: 'Robin' });
await using emulator = await startEmulator({ rom, port: 0, fps: 'max' });
const target = `bizhawk://127.0.0.1:${await emulator.ready}`;

const seen: { value: number; frame: number | undefined }[] = [];
for await (const step of watchByte(RAM.cell.domain, RAM.cell.offset, target)) {
  console.log(`frame ${step.frame}: row ${step.value >> 4}, column ${step.value & 15}`);
  seen.push(step);
  if (seen.length === STEPS) break;
}
const frames = seen.map(({ frame }) => frame ?? Number.NaN);
assert.deepEqual(
  frames,
  frames.toSorted((a, b) => a - b),
  'frames come in order',
);
assert(new Set(frames).size === STEPS, 'one look per frame');
assert(
  seen.every(({ value }, index) => value !== seen[index - 1]?.value),
  'only changes are told',
);

await using device = await createBizHawkDriver().open(target);
const unused = { domain: 'WRAM', offset: 0x1000 };
const [before] = (await device.run([{ kind: 'read', at: unused, size: 2 }])).reads;
assert(before);
assert.equal(await exchange(device, unused, before, Uint8Array.of(0x12, 0x34)), true);
assert.equal(await exchange(device, unused, before, Uint8Array.of(0xff, 0xff)), false, 'it is not what it was');
const [after] = (await device.run([{ kind: 'read', at: unused, size: 2 }])).reads;
assert.deepEqual(after, Uint8Array.of(0x12, 0x34), 'a guard that does not hold writes nothing');
console.log('Exchanged once, refused once.');
