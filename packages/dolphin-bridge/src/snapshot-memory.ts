import type { CallOptions, Device } from '@causeway/bridge/device';

/** One memory of the console as it was at one moment, nearly: the game goes on while it is copied. */
export interface MemorySnapshot {
  readonly domain: string;
  readonly bytes: Uint8Array;
}

/** Bus addresses show the other memories again. */
const isMemory = (name: string): boolean => name !== 'Bus';

/**
 * Copies whole memories, for searching and comparing: 24 MiB take some milliseconds.
 *
 * @param domains names of those to copy; default: MEM1 alone. An empty list: all of them
 * @throws what {@link Device.run} rejects with
 */
export const snapshotMemory = async (
  device: Pick<Device, 'info' | 'run'>,
  domains: readonly string[] = ['MEM1'],
  call: CallOptions = {},
): Promise<readonly MemorySnapshot[]> => {
  const names = domains.length > 0 ? domains : device.info.domains.map(({ name }) => name).filter(isMemory);
  const sizes = new Map(device.info.domains.map(({ name, size }) => [name, size]));
  const steps = names.map((domain) => {
    const size = sizes.get(domain) ?? 0;
    return { kind: 'read', at: { domain, offset: 0 }, size } as const;
  });
  const { reads } = await device.run(steps, call);
  return names.map((domain, index) => ({ domain, bytes: reads[index] ?? new Uint8Array(0) }));
};
