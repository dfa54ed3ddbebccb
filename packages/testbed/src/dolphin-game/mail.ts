/**
 * The mailbox is one aligned word: check byte, item code, then the index of the entry in two bytes.
 *
 * The index lets the game refuse an entry that is not the one it waits for: written late, twice, or into a save state. The check
 * byte tells a word that the game looked at while half of it was there; a descriptor's write may be seen so.
 */
const CHECK = 0xa5;

/** The word that hands over the entry `index`. @param code 1 to 255 @param index 0 to 65535 */
export const encodeMail = (code: number, index: number): Uint8Array => {
  const [high, low] = [index >> 8, index & 0xff];
  return Uint8Array.of(CHECK ^ code ^ high ^ low, code, high, low);
};
