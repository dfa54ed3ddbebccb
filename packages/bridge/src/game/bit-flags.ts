/** Which bit of a byte comes first: bit 0 (`lsb`) or bit 7 (`msb`, Castlevania 64). */
export type BitOrder = 'lsb' | 'msb';

/** Whether bit number `bit` of the array is set; bits beyond the array are not. */
export const bitSet = (bytes: Uint8Array, bit: number, order: BitOrder = 'lsb'): boolean => {
  const within = bit % 8;
  return (((bytes[Math.floor(bit / 8)] ?? 0) >> (order === 'lsb' ? within : 7 - within)) & 1) === 1;
};

/** The numbers of all set bits, rising. */
export const setBits = (bytes: Uint8Array, order: BitOrder = 'lsb'): readonly number[] => {
  const bits: number[] = [];
  bytes.forEach((byte, index) => {
    if (byte === 0) return;
    for (let bit = index * 8; bit < index * 8 + 8; bit++) if (bitSet(bytes, bit, order)) bits.push(bit);
  });
  return bits;
};

export interface FlagOptions {
  readonly order?: BitOrder;
  /** For flags that the game clears when the thing is taken (Mystic Quest). */
  readonly inverted?: boolean;
}

/** Locations whose flag is set. `locations` gives the id per bit number; bits it does not name mean nothing to us. */
export const flaggedLocations = (
  bytes: Uint8Array,
  locations: ReadonlyMap<number, number>,
  { order = 'lsb', inverted = false }: FlagOptions = {},
): readonly number[] => {
  const seen: number[] = [];
  for (const [bit, location] of locations) {
    if (bit < bytes.length * 8 && bitSet(bytes, bit, order) !== inverted) seen.push(location);
  }
  return seen;
};
