import type { ClientPacket, RoomInfo, ServerPacket } from '@causeway/protocol/archipelago';
import { settled, VirtualClock } from '../../testing/virtual-clock.js';
import type { MultiworldClient } from '../client-contract.js';
import type { MultiworldEvent } from '../contract.js';
import { openMultiworld } from '../open-multiworld.js';
import type { MultiworldOptions } from '../options.js';
import { FakeNetwork, type FakeSocket } from './fake-network.js';
import { ModelRoom } from './model-room.js';

/** A client whose server is played by the test, message by message. */
export class ClientHarness {
  readonly clock = new VirtualClock();
  readonly network = new FakeNetwork();
  readonly events: MultiworldEvent[] = [];
  readonly room = new ModelRoom();
  readonly client: MultiworldClient;
  readonly logged: string[] = [];

  constructor(options: Partial<MultiworldOptions> = {}) {
    const note = (event: string, fields: unknown): void => {
      this.logged.push(`${event} ${JSON.stringify(fields)}`);
    };
    this.client = openMultiworld({
      address: 'localhost:38281',
      slotName: 'Ana',
      game: 'Game',
      itemsHandling: 7,
      clock: this.clock,
      random: () => 0.5,
      connect: this.network.connect,
      logger: { debug: note, info: note, warn: note, error: note },
      onEvent: (event) => this.events.push(event),
      ...options,
    });
  }

  get socket(): FakeSocket {
    return this.network.last;
  }

  kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }

  last<Kind extends MultiworldEvent['kind']>(
    kind: Kind,
  ): Extract<MultiworldEvent, { readonly kind: Kind }> | undefined {
    const found = this.events.findLast((event) => event.kind === kind);
    return found as Extract<MultiworldEvent, { readonly kind: Kind }> | undefined;
  }

  /** Opens the socket and greets. Returns what the client answers. */
  async greet(changes: Partial<RoomInfo> = {}): Promise<readonly ClientPacket[]> {
    await settled();
    this.socket.open();
    this.socket.say({ ...this.room.greeting(), ...changes });
    await settled();
    return this.socket.take();
  }

  /** Logs the client in, as the room would. Returns what it says then. */
  async join(...more: readonly ServerPacket[]): Promise<readonly ClientPacket[]> {
    const sent = await this.greet();
    const answers: ServerPacket[] = [];
    const peer = {
      joined: false,
      subscriptions: new Set<string>(),
      send: (packets: readonly ServerPacket[]) => answers.push(...packets),
    };
    for (const packet of sent) this.room.handle(peer, packet);
    const at = answers.findIndex(({ cmd }) => cmd === 'Connected');
    this.socket.say(...answers.slice(0, at + 1), ...more, ...answers.slice(at + 1));
    await settled();
    return this.socket.take();
  }
}
