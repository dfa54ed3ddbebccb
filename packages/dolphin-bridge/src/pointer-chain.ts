import type { Device, DeviceInfo } from '@causeway/bridge/device';

/** Where a chain of pointers ends, or where it breaks. A pointer that is null while a stage loads is everyday life, no error. */
export type PointerEnd =
  | { readonly ok: true; readonly address: number }
  | {
      readonly ok: false;
      /** Number of the pointer that cannot be followed, from 1. */
      readonly step: number;
      readonly reason: 'null' | 'invalid';
      /** `null pointer at step 2`. */
      readonly message: string;
    };

/** Longer chains are a mistake. */
export const MOST_POINTERS = 16;

const isWithin = (address: number, base: number, size: number): boolean =>
  address >= base && address + 4 <= base + size;

/** Uncached views show the same bytes; chains are told apart by one form of an address. */
const cached = (address: number): number =>
  (address >= 0xc000_0000 && address < 0xc800_0000) || (address >= 0xd000_0000 && address < 0xd800_0000)
    ? address - 0x4000_0000
    : address;

/** Whether a word can be read at a guest address, by the memory a device has. */
export const canFollow = (info: Pick<DeviceInfo, 'domains'>, address: number): boolean => {
  const sizeOf = (name: string): number => info.domains.find((domain) => domain.name === name)?.size ?? 0;
  const at = cached(address);
  return (
    isWithin(at, 0x8000_0000, sizeOf('MEM1')) ||
    isWithin(at, 0x9000_0000, sizeOf('MEM2')) ||
    isWithin(at, 0x7e00_0000, sizeOf('FakeVMEM'))
  );
};

/**
 * Follows pointers as dolphin-memory-engine does: at each step the word at the address is read, and the offset is added to it. The last
 * sum is not read. `(a, [0x10, 0x8])` is `*(*a + 0x10) + 0x8`; `(a, [0])` is `*a`.
 *
 * Pure but for `wordAt`: a module can call it with words of its snapshot.
 *
 * @param wordAt the big-endian word at a guest address; `undefined` where there is none
 */
export const followPointers = (
  address: number,
  offsets: readonly number[],
  wordAt: (address: number) => number | undefined,
): PointerEnd => {
  checkLength(offsets);
  let at = cached(address);
  for (const [index, offset] of offsets.entries()) {
    const word = wordAt(at);
    const next = stepFrom(word, offset, index + 1);
    if (typeof next !== 'number') return next;
    at = next;
  }
  return { ok: true, address: at };
};

/** The same on a device, word by word: at most {@link MOST_POINTERS} reads of microseconds each. Rejects as the device does. */
export const readPointers = async (
  device: Pick<Device, 'info' | 'run'>,
  address: number,
  offsets: readonly number[],
): Promise<PointerEnd> => {
  checkLength(offsets);
  let at = cached(address);
  for (const [index, offset] of offsets.entries()) {
    const word = canFollow(device.info, at) ? await readWord(device, at) : undefined;
    const next = stepFrom(word, offset, index + 1);
    if (typeof next !== 'number') return next;
    at = next;
  }
  return { ok: true, address: at };
};

const readWord = async (device: Pick<Device, 'run'>, offset: number): Promise<number | undefined> => {
  const { reads } = await device.run([{ kind: 'read', at: { domain: 'Bus', offset }, size: 4 }]);
  const [bytes] = reads;
  return bytes && new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
};

const stepFrom = (word: number | undefined, offset: number, step: number): number | PointerEnd => {
  if (word === 0) return { ok: false, step, reason: 'null', message: `null pointer at step ${step}` };
  if (word !== undefined) return (cached(word) + offset) >>> 0;
  return { ok: false, step, reason: 'invalid', message: `no memory behind the pointer at step ${step}` };
};

const checkLength = ({ length }: readonly number[]): void => {
  if (length > MOST_POINTERS) throw new RangeError(`A chain has at most ${MOST_POINTERS} pointers, not ${length}.`);
};
