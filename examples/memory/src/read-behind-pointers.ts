// #region read
import { createDolphinDriver, readPointers } from '@causeway/dolphin-bridge';

/** The two bytes behind a chain of pointers in a running GameCube or Wii game, or why there are none. */
export const readBehindPointers = async (address: number, offsets: readonly number[], target?: string) => {
  await using device = await createDolphinDriver().open(target); // without a target: the only game there is
  const place = await readPointers(device, address, offsets); // [0x10, 0x8]: *(*address + 0x10) + 0x8
  if (!place.ok) return place.message; // null pointer at step 2
  const { reads } = await device.run([{ kind: 'read', at: { domain: 'Bus', offset: place.address }, size: 2 }]);
  return reads[0]; // big-endian, as the game has it
};
// #endregion read
