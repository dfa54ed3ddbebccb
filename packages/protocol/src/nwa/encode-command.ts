import { encodeBlock } from './blocks.js';
import { NWA_MAX_ARGUMENTS, NWA_MAX_LINE_BYTES } from './limits.js';
import type { NwaCommand } from './messages.js';

const NAME = /^(!?[A-Z][A-Z0-9_]*)$/;

const UNSPEAKABLE = /[;\n\r\0]/;

/**
 * One command as it goes over the wire.
 *
 * Throws a `RangeError` for what the reference server cannot take (too many arguments, too long a line) and for what the
 * protocol has no way to say (a semicolon inside an argument).
 */
export const encodeNwaCommand = ({ name, args, block }: NwaCommand): Uint8Array => {
  if (!NAME.test(name)) throw new RangeError(`No name of a command: ${JSON.stringify(name)}`);
  if (args.length > NWA_MAX_ARGUMENTS) throw new RangeError(`A command takes at most ${NWA_MAX_ARGUMENTS} arguments.`);
  const bad = args.find((arg) => UNSPEAKABLE.test(arg));
  if (bad !== undefined) throw new RangeError(`An argument cannot carry this: ${JSON.stringify(bad)}`);
  const words = args.length === 0 ? name : `${name} ${args.join(';')}`;
  const line = new TextEncoder().encode(`${block ? 'b' : ''}${words}`);
  if (line.length > NWA_MAX_LINE_BYTES) throw new RangeError(`A command takes at most ${NWA_MAX_LINE_BYTES} bytes.`);
  const data = block ? encodeBlock(block) : new Uint8Array(0);
  const wire = new Uint8Array(line.length + 1 + data.length);
  wire.set(line);
  wire[line.length] = 0x0a;
  wire.set(data, line.length + 1);
  return wire;
};
