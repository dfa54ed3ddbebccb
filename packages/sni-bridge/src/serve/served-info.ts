import type { Device } from '@causeway/bridge/device';
import type { InfoFlag, Usb2SnesInfo } from '@causeway/protocol/usb2snes';

/** What a device that serves its console through us can do, in the words clients know. */
export const infoOf = async (device: Device, writes: boolean): Promise<Usb2SnesInfo> => {
  const { peer, uri, domains } = device.info;
  const { title, hash } = await device.rom();
  const rom = domains.find(({ name }) => name === 'ROM');
  const flags: InfoFlag[] = ['NO_FILE_CMD', 'NO_CONTROL_CMD'];
  if (!rom) flags.push('NO_ROM_READ');
  if (!rom || rom.writable === false || !writes) flags.push('NO_ROM_WRITE');
  if (!writes) flags.push('NO_WRITE');
  return { version: peer, device: uri, rom: title ?? hash ?? '', flags: new Set(flags) };
};
