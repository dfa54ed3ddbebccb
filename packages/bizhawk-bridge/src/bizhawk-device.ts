import type {
  BatchResult,
  CallOptions,
  Capability,
  CloseInfo,
  Device,
  DeviceInfo,
  DeviceStatus,
  MessageAbility,
  RomIdentity,
  Step,
} from '@causeway/bridge/device';
import type { ConnectorRequest, ConnectorResponse } from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import { AnswerMap } from './answer-map.js';
import { type BatchPlan, planBatch } from './batch-plan.js';
import { DomainMap } from './domain-map.js';
import { domainCandidates, probeDomains } from './domain-probe.js';
import { type Identity, peerOf } from './identify.js';
import type { LineLimits } from './line-packing.js';
import type { RequestChannel, Send } from './request-channel.js';

export interface BizHawkDeviceOptions {
  readonly uri: string;
  readonly channel: RequestChannel;
  readonly identity: Identity;
  readonly limits: LineLimits;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Puts `STRICT` on every line instead of once: a connection of the `comm` transport may be renewed under us. */
  readonly strictLines: boolean;
}

/** How often the ROM hash rides along, in milliseconds. */
const HASH_EVERY_MS = 1000;

/** Finishes the opening of a device on an identified link: strict mode, memory domains. */
export const openBizHawkDevice = async (options: BizHawkDeviceOptions, call: CallOptions): Promise<BizHawkDevice> => {
  const { channel, identity } = options;
  const { system, causeway } = identity;
  const found = await channel.exclusive(async (send) => {
    if (!causeway) return probeDomains(system, domainCandidates(system), send);
    if (causeway.features.includes('STRICT') && !options.strictLines) await send([{ type: 'STRICT', value: true }]);
    return causeway.domains.map(({ name, size, writable }) => ({
      name,
      size,
      ...(writable === undefined ? {} : { writable }),
    }));
  }, call);
  return new BizHawkDevice(options, new DomainMap(system, found));
};

/** One emulator behind a connector script. */
export class BizHawkDevice implements Device, MessageAbility {
  readonly info: DeviceInfo;
  readonly closed: Promise<CloseInfo>;
  readonly #options: BizHawkDeviceOptions;
  readonly #channel: RequestChannel;
  readonly #domains: DomainMap;
  /** Names the emulator turned out not to have. */
  readonly #absent = new Set<string>();
  readonly #hasFrame: boolean;
  readonly #strict: readonly ConnectorRequest[];
  #hashDue: number;

  constructor(options: BizHawkDeviceOptions, domains: DomainMap) {
    const { channel, identity } = options;
    const features = identity.causeway?.features ?? [];
    this.#options = options;
    this.#channel = channel;
    this.#domains = domains;
    this.#hasFrame = features.includes('FRAME');
    this.#strict = options.strictLines && features.includes('STRICT') ? [{ type: 'STRICT', value: true }] : [];
    this.#hashDue = options.now() + HASH_EVERY_MS;
    this.closed = channel.closed;
    this.info = {
      driver: 'bizhawk',
      uri: options.uri,
      system: identity.system,
      rom: { system: identity.system, hash: identity.hash },
      domains: domains.list(),
      capabilities: capabilities(this.#hasFrame),
      peer: peerOf(identity),
    };
    channel.keepAlive(() => this.#channel.exclusive((send) => this.#ask(send, [{ type: 'HASH' }])));
  }

  get status(): DeviceStatus {
    return this.#channel.status;
  }

  async run(batch: readonly Step[], call: CallOptions = {}): Promise<BatchResult> {
    await this.#meetDomains(batch, call);
    const plan = planBatch(
      batch.map((step, index) => this.#domains.resolve(step, index)),
      this.#options.limits,
    );
    if (plan.lines.length > 0) return this.#channel.exclusive((send) => this.#carryOut(plan, send), call);
    if (this.#channel.open) return { ok: true, atomic: true, reads: [] };
    throw new CausewayError('device_closed', 'The device is closed.');
  }

  async rom(call: CallOptions = {}): Promise<RomIdentity> {
    const [system, hash] = await this.#query([{ type: 'SYSTEM' }, { type: 'HASH' }], call);
    if (system?.type !== 'SYSTEM_RESPONSE' || hash?.type !== 'HASH_RESPONSE') throw this.#fault(unexpected());
    return { system: system.value, hash: hash.value };
  }

  async showMessage(text: string, call: CallOptions = {}): Promise<void> {
    const [answer] = await this.#query([{ type: 'DISPLAY_MESSAGE', message: text }], call);
    if (answer?.type === 'DISPLAY_MESSAGE_RESPONSE') return;
    if (answer?.type !== 'ERROR') throw this.#fault(unexpected());
    throw new CausewayError('device_unsupported', `The emulator did not show the message: ${answer.err}`);
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A plain connector cannot list its domains: names that were not probed yet are looked for when first used. */
  async #meetDomains(batch: readonly Step[], call: CallOptions): Promise<void> {
    if (this.#options.identity.causeway) return;
    const names = new Set(batch.map(({ at }) => at.domain));
    const unknown = [...names].filter((name) => !this.#domains.has(name) && !this.#absent.has(name));
    if (unknown.length === 0) return;
    const { system } = this.info;
    const found = await this.#channel.exclusive((send) => probeDomains(system, unknown, send), call);
    for (const domain of found) this.#domains.add(domain);
    for (const name of unknown) if (!this.#domains.has(name)) this.#absent.add(name);
  }

  async #carryOut(plan: BatchPlan, send: Send): Promise<BatchResult> {
    const answers = new AnswerMap(plan);
    const frames: (number | undefined)[] = [];
    for (const line of plan.lines) {
      const { frame, rest } = await this.#ask(
        send,
        line.map(({ request }) => request),
      );
      frames.push(frame);
      try {
        answers.takeLine(line, rest);
      } catch (error) {
        throw this.#fault(CausewayError.from(error));
      }
      if (answers.failedGuard !== undefined) break;
    }
    return this.#result(answers, frames);
  }

  #result(answers: AnswerMap, frames: readonly (number | undefined)[]): BatchResult {
    const [frame] = frames;
    const oneFrame = frame !== undefined && frames.every((other) => other === frame);
    const facts = {
      atomic: frames.length === 1 || oneFrame,
      reads: answers.reads(),
      ...(frame === undefined ? {} : { frame }),
    };
    const { failedGuard } = answers;
    return failedGuard === undefined ? { ok: true, ...facts } : { ok: false, failedGuard, ...facts };
  }

  /** Sends requests with what rides along: frame, from time to time the ROM hash, strict mode where it may get lost. */
  async #ask(
    send: Send,
    requests: readonly ConnectorRequest[],
  ): Promise<{ frame: number | undefined; rest: readonly ConnectorResponse[] }> {
    const hashDue = this.#options.now() >= this.#hashDue;
    const preamble: ConnectorRequest[] = [...this.#strict];
    if (this.#hasFrame) preamble.push({ type: 'FRAME' });
    if (hashDue) preamble.push({ type: 'HASH' });
    const answers = await send([...preamble, ...requests]);
    if (hashDue) this.#hashDue = this.#options.now() + HASH_EVERY_MS;
    const first = answers.slice(0, preamble.length);
    const hash = first.find((answer) => answer.type === 'HASH_RESPONSE');
    if (hash && hash.value !== this.info.rom.hash) throw this.#romChanged(hash.value);
    const frame = first.find((answer) => answer.type === 'FRAME_RESPONSE');
    return { frame: frame?.value, rest: answers.slice(preamble.length) };
  }

  /** For questions without effect: what went wrong is told as it is. */
  async #query(requests: readonly ConnectorRequest[], call: CallOptions): Promise<readonly ConnectorResponse[]> {
    try {
      return await this.#channel.exclusive((send) => send(requests), call);
    } catch (error) {
      throw plainCause(error);
    }
  }

  /** What ran, ran on another ROM: neither its reads nor its writes mean anything to the caller. */
  #romChanged(hash: string): CausewayError {
    const error = new CausewayError('device_lost', 'Another ROM was loaded.', {
      context: { before: this.info.rom.hash, now: hash },
    });
    this.#channel.fail('rom_changed', error);
    return new CausewayError('batch_outcome_unknown', 'Another ROM was loaded before this was carried out.', {
      cause: error,
    });
  }

  /** A refused step is the caller's business; an answer that makes no sense ends the device. */
  #fault(error: CausewayError): CausewayError {
    if (error.code === 'batch_step_failed') return error;
    this.#channel.fail('protocol', error);
    return new CausewayError('batch_outcome_unknown', 'The connector answered something else than it was asked.', {
      cause: error,
    });
  }
}

/** For questions without effect an unknown outcome is no news: what happened to the link is. */
export const plainCause = (error: unknown): unknown =>
  CausewayError.is(error) && error.code === 'batch_outcome_unknown' ? (error.cause ?? error) : error;

const capabilities = (hasFrame: boolean): ReadonlySet<Capability> =>
  new Set<Capability>(['atomicBatch', 'framePaced', 'message', ...(hasFrame ? (['frameCounter'] as const) : [])]);

const unexpected = (): CausewayError =>
  new CausewayError('protocol_unexpected', 'The connector answered something else than it was asked.');
