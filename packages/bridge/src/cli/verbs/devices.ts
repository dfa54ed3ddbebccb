import { ERRORS } from '@causeway/protocol/errors';
import type { DeviceListing } from '../../device/contract.js';
import { callOptions } from '../chosen-device.js';
import { type StyledText, span, type Tone } from '../styled-text.js';
import { textTable } from '../text-table.js';
import type { VerbProgram } from '../verb.js';

const HEADINGS = ['DEVICE', 'STATE', 'SYSTEM', 'ROM', 'PEER', 'DETAIL'];

const TONES: Readonly<Record<DeviceListing['state'], Tone>> = {
  ready: 'good',
  busy: 'warning',
  silent: 'warning',
  foreign: 'faint',
  incompatible: 'failure',
};

const row = ({ uri, state, system, rom, peer, detail }: DeviceListing): StyledText[] => [
  uri,
  span(TONES[state], state),
  system ?? rom?.system ?? '-',
  rom?.title ?? rom?.hash ?? '-',
  peer ?? '-',
  detail ?? '',
];

/** Lists what can be reached now. */
export const devices: VerbProgram = {
  async run(call) {
    const driver = await call.driver();
    const found = await driver.detect(callOptions(call));
    if (call.flags.json) for (const listing of found) call.output.json(listing);
    else if (found.length > 0) for (const line of textTable(HEADINGS, found.map(row))) call.output.data(line);
    if (found.length === 0)
      call.output.note(`No device found. ${call.command.nothingFound ?? ERRORS.device_not_found.fix}`);
    return 0;
  },
};
