import { type Bounced, type ClientPacket, type Json, Tag } from '@causeway/protocol/archipelago';
import type { Clock, Random } from '../clock.js';
import type { Death, MultiworldEvent } from './contract.js';
import { DeathLink } from './death-link.js';
import { RingLink } from './ring-link.js';
import { TrapLink } from './trap-link.js';

export interface BounceLinksOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Whether this client takes part in the link with this tag. */
  readonly opted: (tag: string) => boolean;
  /** Sends now; `false` while not in the room. */
  readonly send: (packets: readonly ClientPacket[]) => boolean;
}

const LINK_TAGS: readonly string[] = [Tag.deathLink, Tag.trapLink, Tag.ringLink];

/** The links that travel as bounces. Each is silent, both ways, until its tag is on. */
export class BounceLinks {
  readonly #options: BounceLinksOptions;
  readonly #deaths = new DeathLink();
  readonly #traps = new TrapLink();
  readonly #rings: RingLink;

  constructor(options: BounceLinksOptions) {
    this.#options = options;
    this.#rings = new RingLink(options.clock, options.random, (packet) => options.send([packet]));
  }

  death(death: Omit<Death, 'time'>): boolean {
    const { opted, clock, send } = this.#options;
    const packet = opted(Tag.deathLink) ? this.#deaths.send(death, clock.now()) : undefined;
    return packet !== undefined && send([packet]);
  }

  trap(name: string, source: string): boolean {
    const { opted, clock, send } = this.#options;
    const packet = opted(Tag.trapLink) && name !== '' ? this.#traps.send(name, source, clock.now()) : undefined;
    return packet !== undefined && send([packet]);
  }

  ring(amount: number): boolean {
    if (!this.#options.opted(Tag.ringLink) || !Number.isSafeInteger(amount)) return false;
    this.#rings.add(amount);
    return true;
  }

  /** The owner sends a bounce of its own making. If it belongs to a link, its echo is known. */
  recognise(tags: readonly string[] | undefined, data: Json | undefined): void {
    if (tags?.includes(Tag.deathLink)) this.#deaths.recognise(data);
    if (tags?.includes(Tag.trapLink)) this.#traps.recognise(data);
  }

  /** What a bounce means; empty for an echo. Of links this client has no part in, the owner may make what it likes. */
  receive(packet: Bounced): readonly MultiworldEvent[] {
    if (!LINK_TAGS.some((tag) => this.#hears(packet, tag))) {
      // A death is nobody's business who does not want to die.
      if (packet.tags?.includes(Tag.deathLink)) return [];
      const { cmd: _, ...data } = packet;
      return [{ kind: 'bounced', data: data as Readonly<Record<string, Json>> }];
    }
    const nowMs = this.#options.clock.now();
    const death = this.#hears(packet, Tag.deathLink) ? this.#deaths.receive(packet, nowMs) : undefined;
    const trap = this.#hears(packet, Tag.trapLink) ? this.#traps.receive(packet, nowMs) : undefined;
    const rings = this.#hears(packet, Tag.ringLink) ? this.#rings.receive(packet) : undefined;
    return [
      ...(death ? [{ kind: 'death', death } as const] : []),
      ...(trap ? [{ kind: 'trap', trap } as const] : []),
      ...(rings ? [{ kind: 'rings', rings } as const] : []),
    ];
  }

  /** The connection is gone. */
  forget(): void {
    this.#rings.forget();
  }

  #hears({ tags }: Bounced, tag: string): boolean {
    return (tags?.includes(tag) ?? false) && this.#options.opted(tag);
  }
}
