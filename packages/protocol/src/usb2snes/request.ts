import { z } from 'zod';
import { CausewayError } from '../errors/causeway-error.js';
import { MAX_RANGES, MAX_TEXT_LENGTH } from './limits.js';
import type { Opcode } from './opcodes.js';
import { parseJson } from './parse-json.js';

/** `SNES`: the console's memory; `CMD`: the cartridge's command memory. */
export type Space = 'SNES' | 'CMD';

/** Request flags; only QUsb2Snes with a cartridge looks at them. */
export type RequestFlag = 'SKIPRESET' | 'ONLYRESET' | 'CLRX' | 'SETX' | 'STREAM_BURST' | 'NORESP' | 'DATA64B';

export interface RequestOptions {
  readonly space?: Space;
  readonly flags?: readonly RequestFlag[];
}

/** A request as a server sees it: anything may stand in it. */
export interface Usb2SnesRequest {
  readonly opcode: string;
  /** As sent. Missing is an error to SNI, and gets every client thrown out of QUsb2Snes. */
  readonly space?: string;
  readonly flags: readonly string[];
  readonly operands: readonly string[];
}

/** The text message that asks. `Space` is always in it: both servers go wrong without. */
export const encodeRequest = (
  opcode: Opcode,
  operands: readonly string[] = [],
  { space = 'SNES', flags = [] }: RequestOptions = {},
): string => JSON.stringify({ Opcode: opcode, Space: space, Flags: flags, Operands: operands });

const strings = z
  .array(z.string())
  .max(2 * MAX_RANGES)
  .nullish();
const WireRequest = z.object({
  Opcode: z.string().max(64),
  Space: z.string().max(64).nullish(),
  Flags: strings,
  Operands: strings,
});

/** Reads what a client sent. Throws `protocol_malformed`. */
export const decodeRequest = (text: string): Usb2SnesRequest => {
  const parsed = WireRequest.safeParse(parseJson(text, MAX_TEXT_LENGTH));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'message';
    throw new CausewayError('protocol_malformed', `This is no usb2snes request: ${where}: ${issue?.message}.`);
  }
  const { Opcode: opcode, Space: space, Flags: flags, Operands: operands } = parsed.data;
  return {
    opcode,
    ...(typeof space === 'string' ? { space } : {}),
    flags: flags ?? [],
    operands: operands ?? [],
  };
};
