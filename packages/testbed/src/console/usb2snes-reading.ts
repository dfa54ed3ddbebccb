import { CausewayError } from '@causeway/protocol/errors';
import { FX_PAK_PRO } from '@causeway/protocol/snes';
import { type AddressRange, MAX_READ_SIZE, MAX_SMALL_RANGE_SIZE } from '@causeway/protocol/usb2snes';
import type { ServedAs } from './console-options.js';
import type { Usb2SnesServer } from './usb2snes-door.js';
import { canReadRom } from './usb2snes-personality.js';

const SMALL_MESSAGE = 1024;

const refusal = (message: string): CausewayError => new CausewayError('batch_step_failed', message);

/** All pieces of a long read share one buffer, and the last one to come is in it. */
const spoil = (data: Uint8Array): Uint8Array => {
  const buffer = new Uint8Array(MAX_READ_SIZE);
  for (let at = 0; at < data.length; at += MAX_READ_SIZE) buffer.set(data.subarray(at, at + MAX_READ_SIZE));
  return data.map((_, index) => buffer[index % MAX_READ_SIZE] ?? 0);
};

const readOne = (server: Usb2SnesServer, as: ServedAs, { address, size }: AddressRange): Uint8Array => {
  const { served, faults } = server;
  const data = served.read(as, address, size) ?? (faults.has('usb2snes-zeros') ? new Uint8Array(size) : undefined);
  if (!data) throw refusal('The device cannot read there');
  return faults.has('usb2snes-long-reads-wrong') && size > MAX_READ_SIZE ? spoil(data) : data;
};

const checkForQusb2Snes = (server: Usb2SnesServer, as: ServedAs, ranges: readonly AddressRange[]): void => {
  const tooLong = ranges.length > 1 && ranges.some(({ size }) => size > MAX_SMALL_RANGE_SIZE);
  if (tooLong || ranges.some(({ size }) => size === 0)) throw refusal('Invalid size of a range');
  const readsRom = ranges.some(({ address }) => address < FX_PAK_PRO.sram);
  if (readsRom && !canReadRom(as, server.served)) throw refusal('The device cannot read ROM');
};

/**
 * The bytes of each range. SNI reads them all in one frame, QUsb2Snes takes a frame for each. Throws where the server closes
 * the connection.
 */
export const readRanges = async (
  server: Usb2SnesServer,
  as: ServedAs,
  ranges: readonly AddressRange[],
): Promise<readonly Uint8Array[]> => {
  const { console } = server.served;
  if (server.personality.kind === 'sni') {
    return console.atPoll(() => ranges.map((range) => readOne(server, as, range)));
  }
  checkForQusb2Snes(server, as, ranges);
  const pieces: Uint8Array[] = [];
  for (const range of ranges) pieces.push(await console.atPoll(() => readOne(server, as, range)));
  return pieces;
};

/** The binary messages of an answer: SNI sends one, QUsb2Snes one for each range. */
export const answerMessages = (server: Usb2SnesServer, pieces: readonly Uint8Array[]): readonly Uint8Array[] => {
  const whole = Buffer.concat(pieces);
  if (!server.faults.has('usb2snes-small-messages')) {
    const messages = server.personality.kind === 'sni' ? [whole] : pieces;
    return messages.filter(({ length }) => length > 0);
  }
  return Array.from({ length: Math.ceil(whole.length / SMALL_MESSAGE) }, (_, index) =>
    whole.subarray(index * SMALL_MESSAGE, (index + 1) * SMALL_MESSAGE),
  );
};
