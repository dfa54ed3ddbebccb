// #region exchange
import type { Address, Device } from '@causeway/bridge/device';

/** Writes only if memory still is what was expected. With `atomicBatch`, as here, nothing comes between look and write. */
export const exchange = async (device: Device, at: Address, expect: Uint8Array, data: Uint8Array): Promise<boolean> => {
  const result = await device.run([
    { kind: 'guard', at, expect },
    { kind: 'write', at, data },
  ]);
  return result.ok;
};
// #endregion exchange
