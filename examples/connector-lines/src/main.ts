// Asks the connector inside a stand-in emulator what runs there.
import assert from 'node:assert/strict';
import { decodeBase64 } from '@causeway/protocol/connector';
import { startEmulator } from '@causeway/testbed/emulator';
import { readGameRom } from '@causeway/testbed/game';
import { ask } from './ask.js';

await using emulator = await startEmulator({ rom: readGameRom(), port: 0, fps: 'max' });
const port = await emulator.ready;

const [system, name] = await ask(port, [{ type: 'SYSTEM' }, { type: 'READ', domain: 'PRG ROM', address: 0, size: 9 }]);
assert(system?.type === 'SYSTEM_RESPONSE' && name?.type === 'READ_RESPONSE');
const game = new TextDecoder().decode(decodeBase64(name.value));
console.log(`${system.value} with ${game}`);
assert.deepEqual([system.value, game], ['NES', 'EMBERWALK']);

// One item that fails does not take the others of its line with it.
const [, wrong, fine] = await ask(port, [
  { type: 'STRICT', value: true },
  { type: 'READ', domain: 'Nowhere', address: 0, size: 1 },
  { type: 'PING' },
]);
assert.equal(wrong?.type, 'ERROR');
assert.equal(fine?.type, 'PONG');
console.log(`${wrong.err}, and ${fine.type} all the same`);
