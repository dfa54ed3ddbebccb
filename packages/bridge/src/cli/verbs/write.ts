import type { Address, BatchStopped, GuardStep, Step, WriteStep } from '../../device/contract.js';
import { callOptions, openChosenDevice } from '../chosen-device.js';
import type { WRITE_FLAGS } from '../common-flags.js';
import { parseHexBytes, parseNumber, parseText } from '../parse-value.js';
import type { VerbCall, VerbProgram } from '../verb.js';

type WriteCall = VerbCall<typeof WRITE_FLAGS>;

/** Exit code when a guard did not hold: an outcome, told apart from success. */
const REFUSED = 1;

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const place = ({ domain, offset }: Address): string => `${domain}:0x${offset.toString(16)}`;

/** Every guard has a read of the same bytes before it, so that a refusal can say what was there instead. */
const guardedBatch = (guards: readonly GuardStep[], write: WriteStep): Step[] => [
  ...guards.flatMap((guard): Step[] => [{ kind: 'read', at: guard.at, size: guard.expect.length }, guard]),
  write,
];

/** Position of a guard among the guards, from its position in {@link guardedBatch}. */
const guardIndex = (failedStep: number): number => (failedStep - 1) / 2;

const reportRefusal = (call: WriteCall, write: WriteStep, result: BatchStopped): void => {
  const index = guardIndex(result.failedGuard);
  const guard = call.flags.guard[index];
  const found = hex(result.reads[index]);
  if (call.flags.json) {
    const refused = guard && { domain: guard.at.domain, address: guard.at.offset, expected: hex(guard.expect), found };
    call.output.json({ ...writeFacts(write), written: false, failedGuard: index, guard: refused });
  } else if (guard) {
    call.output.note(
      `Not written: guard ${index + 1} of ${call.flags.guard.length} does not hold. `,
      `${place(guard.at)} is ${found}, not ${hex(guard.expect)}.`,
    );
  }
};

const writeFacts = (write: WriteStep) => ({
  domain: write.at.domain,
  address: write.at.offset,
  size: write.data.length,
  hex: hex(write.data),
});

/** Writes memory once, on condition if there are guards. */
export const write: VerbProgram<typeof WRITE_FLAGS> = {
  async run(call) {
    const [domainText = '', addressText = '', hexText = ''] = call.operands;
    const at = { domain: parseText(domainText, 'DOMAIN'), offset: parseNumber(addressText, 'ADDRESS') };
    const step: WriteStep = { kind: 'write', at, data: parseHexBytes(hexText, 'HEX') };
    await using device = await openChosenDevice(call);
    const result = await device.run(guardedBatch(call.flags.guard, step), callOptions(call));
    if (!result.ok) {
      reportRefusal(call, step, result);
      return REFUSED;
    }
    if (call.flags.json) call.output.json({ ...writeFacts(step), written: true });
    else call.output.note(`Written: ${step.data.length} ${step.data.length === 1 ? 'byte' : 'bytes'} to ${place(at)}.`);
    return 0;
  },
};
