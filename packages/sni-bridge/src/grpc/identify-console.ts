import type { RomIdentity } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import {
  chooseSnesHeader,
  FX_PAK_PRO,
  parseSnesHeader,
  SNES_HEADER_SIZE,
  type SnesHeader,
  type SnesHeaderOffset,
  type SnesMapping,
} from '@causeway/protocol/snes';
import { AddressSpace, DeviceCapability, MemoryMapping, SNI_SERVICES, type SniDevice } from '@causeway/protocol/sni';
import type { SniClient } from './sni-client.js';
import { can } from './sni-console.js';
import { domainsOf, type FoundHeader } from './sni-domains.js';
import type { Signature } from './sni-link.js';
import type { PlacedDomain } from './sni-memory.js';
import { hasNoGame, readStatus, type SniStatus, STATUS_FIELDS } from './sni-status.js';

export interface IdentifiedConsole {
  readonly rom: RomIdentity;
  readonly mapping: MemoryMapping;
  readonly domains: readonly PlacedDomain[];
  /** Absent where no header can be read. */
  readonly signature?: Signature;
  /** Absent where the console can say nothing of itself. */
  readonly status?: SniStatus;
}

/** Where a header stands, and the mapping under which SNI finds it there. */
const PLACES: readonly (readonly [SnesHeaderOffset, MemoryMapping])[] = [
  [0x00_7fb0, MemoryMapping.LoROM],
  [0x00_ffb0, MemoryMapping.HiROM],
  [0x40_ffb0, MemoryMapping.ExHiROM],
];

const MAPPINGS: Readonly<Record<SnesMapping, MemoryMapping>> = {
  lorom: MemoryMapping.LoROM,
  hirom: MemoryMapping.HiROM,
  exhirom: MemoryMapping.ExHiROM,
  sa1: MemoryMapping.SA1,
};

/** Bytes of work RAM of which some are set in every running game: its stack and its variables. */
const LIVELY = { address: FX_PAK_PRO.wram, size: 0x800 };

interface Asking {
  readonly client: SniClient;
  readonly device: SniDevice;
  readonly timeoutMs: number;
}

/**
 * Finds out what game a console runs and which memory it has.
 *
 * SNI answers what it cannot read with zeros, so zeros prove nothing: a console counts only once its ROM shows a header, or
 * else its work RAM anything at all. Rejects with `device_timeout` where neither does.
 */
export const identifyConsole = async (
  client: SniClient,
  device: SniDevice,
  timeoutMs: number,
): Promise<IdentifiedConsole> => {
  const asking = { client, device, timeoutMs };
  const status = can(device, DeviceCapability.FetchFields) ? await fetchStatus(asking) : undefined;
  if (status && hasNoGame(status)) throw noGame(device);
  const found = await findHeader(asking);
  if (!found && !(await read(asking, LIVELY.address, LIVELY.size, MemoryMapping.LoROM)).some((byte) => byte !== 0))
    throw noGame(device);
  const rom = romOf(found?.header, status);
  return {
    rom,
    // Work RAM lies in one place under every mapping, but without any SNI translates nothing.
    mapping: found ? MAPPINGS[found.header.mapping] : MemoryMapping.LoROM,
    domains: domainsOf(device, found),
    ...(found ? { signature: signatureOf(found) } : {}),
    ...(status ? { status } : {}),
  };
};

const fetchStatus = async ({ client, device, timeoutMs }: Asking): Promise<SniStatus> => {
  const request = { uri: device.uri, fields: [...STATUS_FIELDS] };
  return readStatus(await client.call(SNI_SERVICES.DeviceInfo.FetchFields, request, { timeoutMs }));
};

const findHeader = async (asking: Asking): Promise<FoundHeader | undefined> => {
  const seen = new Map<SnesHeader, Uint8Array>();
  for (const [offset, mapping] of PLACES) {
    const bytes = await read(asking, offset, SNES_HEADER_SIZE, mapping);
    const header = parseSnesHeader(bytes, offset);
    if (header) seen.set(header, bytes);
  }
  const header = chooseSnesHeader([...seen.keys()]);
  const bytes = header && seen.get(header);
  return bytes && { header, bytes };
};

const signatureOf = ({ header, bytes }: FoundHeader): Signature => ({
  region: { domain: 'ROM', offset: header.offset, size: bytes.length },
  bytes,
});

/** Nothing where this console has nothing there. */
const read = async (
  { client, device, timeoutMs }: Asking,
  requestAddress: number,
  size: number,
  requestMemoryMapping: MemoryMapping,
): Promise<Uint8Array> => {
  const request = { requestAddress, requestAddressSpace: AddressSpace.FxPakPro, size, requestMemoryMapping };
  const { MultiRead } = SNI_SERVICES.DeviceMemory;
  try {
    const { responses } = await client.call(MultiRead, { uri: device.uri, requests: [request] }, { timeoutMs });
    const data = responses[0]?.data;
    return data?.length === size ? data : new Uint8Array(0);
  } catch (error) {
    if (CausewayError.is(error) && error.code === 'batch_step_failed') return new Uint8Array(0);
    throw error;
  }
};

const romOf = (header: SnesHeader | undefined, status: SniStatus | undefined): RomIdentity => {
  const title = header?.title || status?.romFileName;
  return {
    system: 'SNES',
    ...(title ? { title } : {}),
    ...(status?.romHash ? { hash: status.romHash } : {}),
  };
};

const noGame = ({ uri }: SniDevice): CausewayError =>
  new CausewayError('device_timeout', `SNI shows no running game on ${uri}.`, {
    context: { device: uri },
    fix: 'Load the game. If it runs already, use Disconnect in the menu of SNI; in RetroArch, use a bsnes-mercury core.',
  });
