// #region play
import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { type BridgeOptions, startBridge } from '@causeway/bridge';

/** Plays until the goal is reached or the person stops. */
export const play = async (
  choice: Omit<BridgeOptions, 'driver'>,
  show: (line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  await using session = startBridge({ driver: createBizHawkDriver(), ...choice });
  signal.addEventListener('abort', () => void session.stop());
  for await (const event of session.events()) {
    if (event.event === 'device.waiting') show(`${event.message} ${event.fix}`);
    if (event.event === 'location.checked') show(`You found: ${event.names.join(', ')}`);
    if (event.event === 'item.received') show(`${event.from} found your ${event.name}`);
    if (event.event === 'goal.reached') return;
  }
  await session.done; // rejects with the CausewayError that ended it; resolves after `stop`
};
// #endregion play
