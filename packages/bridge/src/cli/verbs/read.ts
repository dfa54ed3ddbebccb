import { callOptions, openChosenDevice } from '../chosen-device.js';
import type { DEVICE_FLAGS } from '../common-flags.js';
import { hexDump } from '../hex-dump.js';
import { parseNumber, parseText } from '../parse-value.js';
import type { VerbProgram } from '../verb.js';

/** More than any console has; a slip of the finger shall not fill our memory. */
const LARGEST_READ = 0x1000_0000;

/** Reads memory once. */
export const read: VerbProgram<typeof DEVICE_FLAGS> = {
  async run(call) {
    const [domainText = '', addressText = '', sizeText = ''] = call.operands;
    const domain = parseText(domainText, 'DOMAIN');
    const offset = parseNumber(addressText, 'ADDRESS');
    const size = parseNumber(sizeText, 'SIZE', { min: 1, max: LARGEST_READ });
    await using device = await openChosenDevice(call);
    const result = await device.run([{ kind: 'read', at: { domain, offset }, size }], callOptions(call));
    const bytes = result.reads[0] ?? new Uint8Array();
    if (call.flags.json) {
      call.output.json({ domain, address: offset, size: bytes.length, hex: Buffer.from(bytes).toString('hex') });
    } else for (const line of hexDump(bytes, offset)) call.output.data(line);
    if (!result.atomic) call.output.note('These bytes may come from different frames; they need not fit together.');
    return 0;
  },
};
