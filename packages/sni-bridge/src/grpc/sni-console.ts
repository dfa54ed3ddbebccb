import type { DeviceListing } from '@causeway/bridge/device';
import { DeviceCapability, type SniDevice } from '@causeway/protocol/sni';
import type { Endpoint } from '../endpoint.js';
import { sniUri } from './sni-target.js';

/** Whether SNI says that its device can do all of this. */
export const can = ({ capabilities }: SniDevice, ...wanted: readonly DeviceCapability[]): boolean =>
  wanted.every((capability) => capabilities.includes(capability));

/** What people read: `RetroArch at ra://127.0.0.1:55355 through SNI`. */
export const peerOf = ({ displayName, kind, uri }: SniDevice): string => {
  const name = displayName || kind || 'a console';
  return name.includes(uri) ? `${name} through SNI` : `${name} at ${uri} through SNI`;
};

export const listingOf = (device: SniDevice, endpoint: Endpoint): DeviceListing => {
  const known = { uri: sniUri({ endpoint, device: device.uri }), driver: 'sni', system: 'SNES', peer: peerOf(device) };
  return can(device, DeviceCapability.ReadMemory)
    ? { ...known, state: 'ready' }
    : { ...known, state: 'incompatible', detail: 'SNI cannot read its memory' };
};

/**
 * The device that is meant, by URI and never by place: lists have no stable order. A script's URI changes each time it
 * connects, so the only script there is stands for the one that was meant.
 */
export const findDevice = (devices: readonly SniDevice[], wanted: string): SniDevice | undefined => {
  const exact = devices.find(({ uri }) => uri === wanted);
  if (exact || !wanted.startsWith('luabridge:')) return exact;
  const scripts = devices.filter(({ kind }) => kind === 'luabridge');
  return scripts.length === 1 ? scripts[0] : undefined;
};
