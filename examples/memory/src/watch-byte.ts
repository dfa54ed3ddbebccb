// #region watch
import { createBizHawkDriver } from '@causeway/bizhawk-bridge';

/** Every value a byte takes, with the frame in which it was first seen. Ends when the loop over it is left. */
export async function* watchByte(domain: string, offset: number, target?: string) {
  await using device = await createBizHawkDriver().open(target); // without a target: the only emulator there is
  let last: number | undefined;
  while (device.status !== 'closed') {
    const { reads, frame } = await device.run([{ kind: 'read', at: { domain, offset }, size: 1 }]);
    const value = reads[0]?.[0];
    if (value !== undefined && value !== last) yield { value, frame };
    last = value;
  }
}
// #endregion watch
