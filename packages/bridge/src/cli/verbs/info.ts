import type { DeviceInfo, DomainInfo } from '../../device/contract.js';
import { openChosenDevice } from '../chosen-device.js';
import type { DEVICE_FLAGS } from '../common-flags.js';
import { type StyledText, span } from '../styled-text.js';
import { textTable } from '../text-table.js';
import type { VerbProgram } from '../verb.js';

const field = (name: string, value: string): StyledText => [span('faint', name.padEnd(14)), value];

const domainRow = ({ name, size, writable }: DomainInfo): StyledText[] => [
  name,
  String(size),
  `0x${size.toString(16)}`,
  writable === false ? 'read only' : '',
];

const summary = (info: DeviceInfo): StyledText[] => [
  field('device', info.uri),
  field('peer', info.peer),
  field('system', info.system),
  ...(info.rom.title === undefined ? [] : [field('title', info.rom.title)]),
  ...(info.rom.hash === undefined ? [] : [field('hash', info.rom.hash)]),
  field('capabilities', [...info.capabilities].join(', ') || 'none'),
];

/** Shows what is true of one device. */
export const info: VerbProgram<typeof DEVICE_FLAGS> = {
  async run(call) {
    await using device = await openChosenDevice(call);
    if (call.flags.json) call.output.json(device.info);
    else {
      const domains = textTable(['DOMAIN', 'BYTES', 'HEX', ''], device.info.domains.map(domainRow));
      for (const line of [...summary(device.info), '', ...domains]) call.output.data(line);
    }
    return 0;
  },
};
