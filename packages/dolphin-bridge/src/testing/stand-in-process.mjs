// A process that holds what a Dolphin with a game holds: an unlinked memory object, named after the process, with a game's first page
// in it. Orders come as lines of JSON on its standard input; each is answered by one line when it is done.
import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

let memory;
const others = [];

const put = (at, bytes) => writeSync(memory, bytes, 0, bytes.length, at);

const orders = {
  /** Makes the object; `low` are `[offset, hex]` pairs written into it. */
  start({ size, low = [], name = `dolphin-emu.${process.pid}` }) {
    const path = `/dev/shm/${name}`;
    memory = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    ftruncateSync(memory, size);
    for (const [at, hex] of low) put(at, Buffer.from(hex, 'hex'));
  },
  stop() {
    closeSync(memory);
  },
  write({ at, hex }) {
    put(at, Buffer.from(hex, 'hex'));
  },
  read({ at, size }) {
    const bytes = Buffer.alloc(size);
    readSync(memory, bytes, 0, size, at);
    return bytes.toString('hex');
  },
  /** Opens any path, as another reader of another Dolphin does, or Dolphin its disc. */
  hold({ path }) {
    others.push(openSync(path, 'r'));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { order, ...details } = JSON.parse(line);
  try {
    process.stdout.write(`${JSON.stringify({ result: orders[order](details) ?? null })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
}
