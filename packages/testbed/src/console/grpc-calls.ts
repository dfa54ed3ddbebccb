import type { Clock } from '@causeway/bridge';
import { fxPakProOfBus, parseSnesHeader, SNES_HEADER_SIZE, type SnesMapping } from '@causeway/protocol/snes';
import {
  AddressSpace,
  type DetectMemoryMappingRequest,
  DeviceCapability,
  type FieldsRequest,
  MemoryMapping,
  type MultiReadMemoryRequest,
  type MultiWriteMemoryRequest,
  type NWACommandRequest,
  type ReadMemoryRequest,
  SNI_MAX_MESSAGE_BYTES,
  type SniDevice,
  type WriteMemoryRequest,
} from '@causeway/protocol/sni';
import { status } from '@grpc/grpc-js';
import type { ServedAs } from './console-options.js';
import type { FaultSwitches } from './faults.js';
import { fieldOf } from './grpc-fields.js';
import { NwaCommands } from './nwa-commands.js';
import type { ServedConsole } from './served-console.js';

export interface GrpcCallsOptions {
  readonly served: ServedConsole;
  readonly servedAs: ServedAs;
  readonly faults: FaultSwitches;
  readonly clock: Clock;
  /** Aborted when the server ends. */
  readonly closed: AbortSignal;
}

/** How a call ends that does not succeed. */
export class GrpcRefusal extends Error {
  readonly code: status;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
  }
}

const unknown = (details: string): GrpcRefusal => new GrpcRefusal(status.UNKNOWN, details);

/** How long SNI waits for an emulator. */
const DEVICE_TIMEOUT_MS = 5000;

const { ReadMemory, WriteMemory, ResetSystem, PauseUnpauseEmulation, PauseToggleEmulation, FetchFields, NWACommand } =
  DeviceCapability;
const CAPABILITIES: Readonly<Record<ServedAs, readonly DeviceCapability[]>> = {
  retroarch: [ReadMemory, WriteMemory, ResetSystem, PauseToggleEmulation, FetchFields],
  nwa: [ReadMemory, WriteMemory, ResetSystem, PauseUnpauseEmulation, FetchFields, NWACommand],
};
const NEEDS: Readonly<Record<string, DeviceCapability>> = {
  ResetSystem,
  PauseUnpauseEmulation,
  PauseToggleEmulation,
  FetchFields,
  NWACommand,
};
const MAPPING: Readonly<Record<number, SnesMapping>> = {
  [MemoryMapping.LoROM]: 'lorom',
  [MemoryMapping.HiROM]: 'hirom',
  [MemoryMapping.ExHiROM]: 'exhirom',
  [MemoryMapping.SA1]: 'sa1',
};
const NUMBER_OF: Readonly<Record<SnesMapping, MemoryMapping>> = {
  lorom: MemoryMapping.LoROM,
  hirom: MemoryMapping.HiROM,
  exhirom: MemoryMapping.ExHiROM,
  sa1: MemoryMapping.SA1,
};
/** Where SNI looks for headers when it is given one. */
const FIRST_HEADER = 0x00_7fb0;

type Handler = (request: never) => unknown;

/** What SNI answers, method by method. What looks at the console is served before its next frame. */
export class GrpcCalls {
  readonly #options: GrpcCallsOptions;
  readonly #nwa: NwaCommands;
  readonly #table: Readonly<Record<string, Handler>> = {
    ResetSystem: ({ uri }: { readonly uri: string }) => {
      this.#console.reset();
      return { uri };
    },
    PauseUnpauseEmulation: ({ uri, paused }: { readonly uri: string; readonly paused: boolean }) => {
      if (paused) this.#console.pause();
      else this.#console.resume();
      return { uri, paused };
    },
    PauseToggleEmulation: ({ uri }: { readonly uri: string }) => {
      if (this.#console.paused) this.#console.resume();
      else this.#console.pause();
      return { uri };
    },
    MappingDetect: (request: DetectMemoryMappingRequest) => this.#detect(request),
    SingleRead: ({ uri, request }: { readonly uri: string; readonly request?: ReadMemoryRequest }) => ({
      uri,
      response: this.#read(required(request)),
    }),
    SingleWrite: ({ uri, request }: { readonly uri: string; readonly request?: WriteMemoryRequest }) => ({
      uri,
      response: this.#write(required(request)),
    }),
    MultiRead: ({ uri, requests }: MultiReadMemoryRequest) => {
      checkTotal(requests);
      return { uri, responses: requests.map((request) => this.#read(request)) };
    },
    MultiWrite: ({ uri, requests }: MultiWriteMemoryRequest) => ({
      uri,
      responses: requests.map((request) => this.#write(request)),
    }),
    FetchFields: ({ uri, fields }: FieldsRequest) => ({
      uri,
      fields,
      values: fields.map((field) => fieldOf(field, fields, this.#options.servedAs, this.#console)),
    }),
    NWACommand: (request: NWACommandRequest) => this.#command(request),
  };

  constructor(options: GrpcCallsOptions) {
    this.#options = options;
    this.#nwa = new NwaCommands(options.served.console, options.faults);
  }

  get #console() {
    return this.#options.served.console;
  }

  /** The response to a request of the method of this name. */
  async answer(method: string, request: never): Promise<unknown> {
    if (method === 'ListDevices') return { devices: this.#list((request as { kinds: readonly string[] }).kinds) };
    const name = method.replace(/^Stream/, 'Multi');
    const handle = Object.hasOwn(this.#table, name) ? this.#table[name] : undefined;
    this.#checkDevice((request as { uri: string }).uri);
    const needed = NEEDS[name];
    const able = needed === undefined || CAPABILITIES[this.#options.servedAs].includes(needed);
    if (!handle || !able) throw new GrpcRefusal(status.UNIMPLEMENTED, `the device cannot do ${method}`);
    return this.#withFaults(() => this.#console.atPoll(() => handle(request)));
  }

  async #withFaults(work: () => Promise<unknown>): Promise<unknown> {
    const { faults, served, clock, closed } = this.#options;
    if (faults.has('grpc-deaf-after-restart') && served.restarts > 0) {
      await clock.sleep(DEVICE_TIMEOUT_MS, closed).catch(() => undefined);
      throw unknown('timeout waiting for a reply');
    }
    if (!faults.strikes('grpc-unknown-errors', 20)) return work();
    // Only the answer was lost, as often as not.
    if (faults.random() < 0.5) await work();
    throw unknown('read udp: i/o timeout');
  }

  #device(): Partial<SniDevice> {
    const { served, servedAs } = this.#options;
    const scheme = servedAs === 'retroarch' ? 'ra' : 'emunwa';
    return {
      uri: `${scheme}://${served.address(servedAs)}`,
      displayName: servedAs === 'retroarch' ? 'RetroArch v1.14.0' : 'causeway-testbed 1',
      kind: servedAs === 'retroarch' ? 'retroarch' : 'emunwa',
      capabilities: [...CAPABILITIES[servedAs]],
      defaultAddressSpace: AddressSpace.SnesABus,
    };
  }

  #list(kinds: readonly string[]): readonly Partial<SniDevice>[] {
    const device = this.#device();
    const wanted = kinds.length === 0 || kinds.includes(device.kind ?? '');
    return this.#options.served.present && wanted ? [device] : [];
  }

  #checkDevice(uri: string): void {
    if (!/^[a-z]+:/.test(uri)) throw new GrpcRefusal(status.INVALID_ARGUMENT, 'the uri does not parse');
    if (uri !== this.#device().uri) throw unknown(`no such device ${uri}`);
    if (!this.#options.served.present) throw unknown(`${uri}: connection refused`);
  }

  /** The FX Pak Pro's address that is meant, and the mapping by which to look for it. */
  #place({ requestAddress, requestAddressSpace, requestMemoryMapping }: ReadMemoryRequest | WriteMemoryRequest) {
    const { served, servedAs } = this.#options;
    const mapping = MAPPING[requestMemoryMapping];
    const raw = requestAddressSpace === AddressSpace.Raw;
    const onBus = raw ? servedAs === 'retroarch' : requestAddressSpace === AddressSpace.SnesABus;
    if (onBus && raw) return { address: fxPakProOfBus(served.mapping, requestAddress), mapping: served.mapping };
    if (!mapping && (onBus || servedAs === 'retroarch') && !raw) throw unknown('unknown memory mapping');
    if (!mapping) return { address: requestAddress };
    return { address: onBus ? fxPakProOfBus(mapping, requestAddress) : requestAddress, mapping };
  }

  #read(request: ReadMemoryRequest) {
    const { served, servedAs } = this.#options;
    const { address, mapping } = this.#place(request);
    const data = served.read(servedAs, address, request.size, mapping);
    if (!data) throw unknown(`nothing to read at ${address.toString(16)}`);
    return { ...echo(request), deviceAddress: address, data };
  }

  #write(request: WriteMemoryRequest) {
    const { served, servedAs } = this.#options;
    const { address, mapping } = this.#place(request);
    const { data } = request;
    if (!served.write(servedAs, address, data, mapping)) throw unknown(`cannot write at ${address.toString(16)}`);
    return { ...echo(request), deviceAddress: address, size: data.length };
  }

  #detect({ uri, romHeader00FFB0 }: DetectMemoryMappingRequest) {
    const own = this.#console.cartridge?.header;
    const given = romHeader00FFB0 && parseSnesHeader(padded(romHeader00FFB0), FIRST_HEADER);
    const header = given ?? own;
    if (!header) throw new GrpcRefusal(status.FAILED_PRECONDITION, 'no ROM header could be read');
    const bytes = this.#console.memory.rom.slice(header.offset, header.offset + SNES_HEADER_SIZE);
    const romHeader = romHeader00FFB0 ?? bytes;
    return { uri, memoryMapping: NUMBER_OF[header.mapping], confidence: true, romHeader00FFB0: romHeader };
  }

  /** Data never comes back this way: it is dropped. */
  #command({ uri, command, args, binaryArg }: NWACommandRequest) {
    const block = binaryArg ? { block: binaryArg } : {};
    const reply = this.#nwa.answer({ name: command, args: args === '' ? [] : args.split(';'), ...block });
    if (reply.kind === 'error') throw unknown(`${reply.error}: ${reply.reason}`);
    const items = reply.kind === 'text' ? reply.items : [];
    return { uri, asciiReply: items.map((item) => ({ item: Object.fromEntries(item) })) };
  }
}

/** SNI would put the answer together, and every client would refuse it. */
const checkTotal = (requests: readonly ReadMemoryRequest[]): void => {
  const total = requests.reduce((sum, { size }) => sum + size, 0);
  if (total > SNI_MAX_MESSAGE_BYTES) throw new GrpcRefusal(status.RESOURCE_EXHAUSTED, `${total} bytes are too many`);
};

const LEAST_HEADER = 0x30;

const padded = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length < LEAST_HEADER) throw new GrpcRefusal(status.INVALID_ARGUMENT, 'the ROM header is too short');
  const header = new Uint8Array(Math.max(SNES_HEADER_SIZE, bytes.length));
  header.set(bytes);
  return header;
};

const required = <T>(request: T | undefined): T => {
  if (request === undefined) throw new GrpcRefusal(status.INVALID_ARGUMENT, 'the request is empty');
  return request;
};

const echo = ({
  requestAddress,
  requestAddressSpace,
  requestMemoryMapping,
}: ReadMemoryRequest | WriteMemoryRequest) => ({
  requestAddress,
  requestAddressSpace,
  requestMemoryMapping,
  deviceAddressSpace: AddressSpace.FxPakPro,
});
