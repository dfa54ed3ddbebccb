import type { DomainInfo, MemoryWrite, Region } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import {
  AddressSpace,
  type MemoryMapping,
  type ReadMemoryResponse,
  SNI_MAX_CARTRIDGE_WRITE_BYTES,
  SNI_MAX_WRITE_BYTES,
  SNI_SERVICES,
} from '@causeway/protocol/sni';
import type { SniClient } from './sni-client.js';

const { MultiRead, MultiWrite } = SNI_SERVICES.DeviceMemory;

/** A domain, and where the FX Pak Pro's view of the console has it. */
export interface PlacedDomain extends DomainInfo {
  readonly base: number;
}

/** Ranges in one request. RetroArch takes one frame for a few of them. */
const RANGES_PER_REQUEST = 32;

export interface SniMemoryOptions {
  readonly client: SniClient;
  /** The device's own URI. */
  readonly device: string;
  readonly kind: string;
  /** What SNI needs to translate; addresses are the FX Pak Pro's always, which is the direction SNI gets right. */
  readonly mapping: MemoryMapping;
  readonly domains: readonly PlacedDomain[];
  readonly callMs: number;
}

/** Reads and writes of one console behind SNI, in requests it can serve. */
export class SniMemory {
  readonly #options: SniMemoryOptions;
  readonly #bases: ReadonlyMap<string, number>;

  constructor(options: SniMemoryOptions) {
    this.#options = options;
    this.#bases = new Map(options.domains.map(({ name, base }) => [name, base]));
  }

  /** The bytes of each run. Rejects with `batch_step_failed` where SNI gave another size than asked. */
  async read(runs: readonly Region[]): Promise<readonly Uint8Array[]> {
    const answers: Uint8Array[] = [];
    for (const group of this.#groups(runs)) answers.push(...(await this.#readGroup(group)));
    return answers;
  }

  /** Pieces of a write, each small enough for this console. In order. */
  piecesOf(writes: readonly MemoryWrite[]): readonly MemoryWrite[] {
    const most = this.#options.kind === 'fxpakpro' ? SNI_MAX_CARTRIDGE_WRITE_BYTES : SNI_MAX_WRITE_BYTES;
    return writes.flatMap(({ at, data }) =>
      Array.from({ length: Math.ceil(data.length / most) }, (_, index) => ({
        at: { domain: at.domain, offset: at.offset + index * most },
        data: data.subarray(index * most, (index + 1) * most),
      })),
    );
  }

  /** One request, so that what comes later cannot overtake it: SNI answers when it is done. */
  async writePiece({ at, data }: MemoryWrite): Promise<void> {
    const { client, device, callMs } = this.#options;
    const request = { ...this.#at(at.domain, at.offset), data };
    const { responses } = await client.call(MultiWrite, { uri: device, requests: [request] }, { timeoutMs: callMs });
    const size = responses[0]?.size;
    if (responses.length === 1 && size === data.length) return;
    throw new CausewayError('batch_step_failed', `SNI wrote ${size ?? 0} of ${data.length} bytes to ${at.domain}.`, {
      context: { domain: at.domain, offset: at.offset, wanted: data.length, got: size },
    });
  }

  /**
   * SNI mixes up the answers of an NWA emulator when a request over two memories fails in the first: one memory per
   * request there.
   */
  #groups(runs: readonly Region[]): readonly (readonly Region[])[] {
    const apart = this.#options.kind === 'emunwa';
    const groups: Region[][] = [];
    for (const run of runs) {
      const last = groups.at(-1);
      const fits = last && last.length < RANGES_PER_REQUEST && !(apart && last[0]?.domain !== run.domain);
      if (fits) last.push(run);
      else groups.push([run]);
    }
    return groups;
  }

  async #readGroup(group: readonly Region[]): Promise<readonly Uint8Array[]> {
    const { client, device, callMs } = this.#options;
    const requests = group.map(({ domain, offset, size }) => ({ ...this.#at(domain, offset), size }));
    const { responses } = await client.call(MultiRead, { uri: device, requests }, { timeoutMs: callMs });
    if (responses.length !== group.length) throw wrongCount(responses.length, group.length);
    return group.map((run, index) => dataOf(run, responses[index]));
  }

  #at(domain: string, offset: number) {
    const { mapping } = this.#options;
    const requestAddress = (this.#bases.get(domain) ?? 0) + offset;
    return { requestAddress, requestAddressSpace: AddressSpace.FxPakPro, requestMemoryMapping: mapping };
  }
}

const dataOf = ({ domain, offset, size }: Region, response: ReadMemoryResponse | undefined): Uint8Array => {
  const data = response?.data ?? new Uint8Array(0);
  if (data.length === size) return data;
  throw new CausewayError('batch_step_failed', `SNI gave ${data.length} of ${size} bytes of ${domain}.`, {
    context: { domain, offset, wanted: size, got: data.length },
  });
};

const wrongCount = (got: number, wanted: number): CausewayError =>
  new CausewayError('protocol_unexpected', `SNI answered ${got} of ${wanted} reads.`, {
    context: { got, wanted },
    fix: 'Update SNI, and restart it.',
  });
