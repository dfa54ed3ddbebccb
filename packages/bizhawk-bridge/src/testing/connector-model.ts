import {
  type ConnectorRequest,
  type ConnectorResponse,
  decodeBase64,
  encodeBase64,
} from '@causeway/protocol/connector';

export interface ModelDomain {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly writable?: boolean;
}

export interface ModelOptions {
  readonly domains: readonly ModelDomain[];
  readonly system?: string;
  readonly hash?: string;
  /** Name of the domain that stands in for names that do not exist; default the last one. */
  readonly current?: string;
  /** `false`: answers our extensions as the reference does, with an error. */
  readonly causeway?: boolean;
}

/** A connector without a socket: the reference's semantics as its specification and recordings describe them. */
export class ConnectorModel {
  readonly domains: ReadonlyMap<string, ModelDomain>;
  readonly messages: string[] = [];
  /** Every line that was carried out. */
  readonly lines: ConnectorRequest[][] = [];
  readonly causeway: boolean;
  system: string;
  hash: string;
  frame = 0;
  strict = false;
  readonly #current: string;

  constructor(options: ModelOptions) {
    this.domains = new Map(options.domains.map((domain) => [domain.name, domain]));
    this.system = options.system ?? 'NES';
    this.hash = options.hash ?? 'F00D';
    this.causeway = options.causeway ?? true;
    this.#current = options.current ?? options.domains.at(-1)?.name ?? '';
  }

  bytes(domain: string): Uint8Array {
    const found = this.domains.get(domain);
    if (!found) throw new Error(`the model has no ${domain}`);
    return found.bytes;
  }

  /** One line: one frame. */
  answer(requests: readonly ConnectorRequest[]): ConnectorResponse[] {
    this.frame++;
    this.lines.push([...requests]);
    const answers: ConnectorResponse[] = [];
    for (const request of requests) {
      const answer = this.#one(request);
      const stops =
        request.type === 'GUARD' &&
        ((answer.type === 'GUARD_RESPONSE' && !answer.value) || (answer.type === 'ERROR' && this.causeway));
      answers.push(answer);
      if (!stops) continue;
      while (answers.length < requests.length) answers.push(answer);
      break;
    }
    return answers;
  }

  #one(request: ConnectorRequest): ConnectorResponse {
    switch (request.type) {
      case 'PING':
        return { type: 'PONG' };
      case 'SYSTEM':
        return { type: 'SYSTEM_RESPONSE', value: this.system };
      case 'HASH':
        return { type: 'HASH_RESPONSE', value: this.hash };
      case 'MEMORY_SIZE':
        return { type: 'MEMORY_SIZE_RESPONSE', value: this.#domain(request.domain).bytes.length };
      case 'DISPLAY_MESSAGE':
        this.messages.push(request.message);
        return { type: 'DISPLAY_MESSAGE_RESPONSE' };
      case 'READ':
      case 'WRITE':
      case 'GUARD':
        return this.#memory(request);
      default:
        return this.causeway ? this.#extension(request) : unknown(request);
    }
  }

  #memory(request: Extract<ConnectorRequest, { type: 'READ' | 'WRITE' | 'GUARD' }>): ConnectorResponse {
    const domain = this.#domain(request.domain);
    const data =
      request.type === 'READ'
        ? undefined
        : decodeBase64(request.type === 'GUARD' ? request.expected_data : request.value);
    const size = request.type === 'READ' ? request.size : (data?.length ?? 0);
    const problem = this.strict ? this.#problem(request, size) : undefined;
    if (problem) return { type: 'ERROR', err: problem };
    if (request.type === 'WRITE') {
      for (let i = 0; data && i < size; i++) {
        const at = request.address + i;
        if (domain.writable !== false && at < domain.bytes.length) domain.bytes[at] = data[i] ?? 0;
      }
      return { type: 'WRITE_RESPONSE' };
    }
    const bytes = Uint8Array.from({ length: size }, (_, i) => domain.bytes[request.address + i] ?? 0);
    if (request.type === 'READ') return { type: 'READ_RESPONSE', value: encodeBase64(bytes) };
    const value = bytes.every((byte, i) => byte === data?.[i]);
    return { type: 'GUARD_RESPONSE', value, address: request.address };
  }

  #problem(request: Extract<ConnectorRequest, { domain: string; address: number }>, size: number): string | undefined {
    const domain = this.domains.get(request.domain);
    if (!domain) return `no such domain: ${request.domain}`;
    if (request.address < 0 || request.address + size > domain.bytes.length) return 'reaches outside';
    return request.type === 'WRITE' && domain.writable === false ? `${domain.name} is read-only` : undefined;
  }

  #extension(request: ConnectorRequest): ConnectorResponse {
    if (request.type === 'FRAME') return { type: 'FRAME_RESPONSE', value: this.frame };
    if (request.type === 'STRICT') {
      this.strict = request.value;
      return { type: 'STRICT_RESPONSE' };
    }
    if (request.type !== 'CAUSEWAY') return unknown(request);
    const domains = [...this.domains.values()].map(({ name, bytes, writable }) => ({
      name,
      size: bytes.length,
      ...(writable === undefined ? {} : { writable }),
    }));
    return {
      type: 'CAUSEWAY_RESPONSE',
      value: { connector: '1.0.0', host: 'Model 1', frame: this.frame, domains, features: ['FRAME', 'STRICT'] },
    };
  }

  #domain(name: string): ModelDomain {
    const domain = this.domains.get(name) ?? this.domains.get(this.#current);
    if (!domain) throw new Error('the model has no memory');
    return domain;
  }
}

const unknown = (request: ConnectorRequest): ConnectorResponse => ({
  type: 'ERROR',
  err: `Unknown command: ${request.type}`,
});

/** Memory that differs from place to place and from seed to seed. */
export const mixed = (size: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (73 * i + 151 * (i >> 8) + 199 * (i >> 16) + seed) & 255);

/** An NES as QuickNes shows it, with as much memory as tests want to read. */
export const nesModel = (options: Partial<ModelOptions> = {}): ConnectorModel =>
  new ConnectorModel({
    domains: [
      { name: 'RAM', bytes: mixed(2048, 1) },
      { name: 'WRAM', bytes: mixed(8192, 2) },
      { name: 'PRG ROM', bytes: mixed(131_072, 3), writable: false },
      { name: 'System Bus', bytes: mixed(65_536, 4) },
    ],
    ...options,
  });
