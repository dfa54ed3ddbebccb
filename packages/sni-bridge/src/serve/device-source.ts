import type { Device } from '@causeway/bridge/device';

/** Whoever keeps a console open: it may be gone now and another one later. */
export interface DeviceSource {
  /** The console to serve, if one is open. */
  readonly current: Device | undefined;
}

/** The open SNES, or nothing: an emulator can come back with a game for something else, whose memory is not what we serve. */
export const openDevice = ({ current }: DeviceSource): Device | undefined =>
  current && current.status !== 'closed' && current.info.system === 'SNES' ? current : undefined;
