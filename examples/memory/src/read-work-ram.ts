// #region read
import { createSniDriver } from '@causeway/sni-bridge';

/** Bytes of a SNES game's work RAM, and the game they are of. */
export const readWorkRam = async (offset: number, size: number, target?: string) => {
  await using device = await createSniDriver({ env: process.env }).open(target); // without a target: the only game there is
  const { reads } = await device.run([{ kind: 'read', at: { domain: 'WRAM', offset }, size }]);
  return { title: device.info.rom.title, bytes: reads[0] };
};
// #endregion read
