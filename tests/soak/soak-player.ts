import { type MultiworldClient, type MultiworldOptions, openMultiworld } from '@causeway/bridge/multiworld';
import { game, nameOf } from './soak-room.js';

/** What a test of days would drown in is counted, not kept. */
export class SoakPlayer {
  readonly slot: number;
  readonly client: MultiworldClient;
  itemsHandling: number;
  readonly reported = new Set<number>();
  /** Items by an owner who only follows the events. */
  received = 0;
  /** Hints by an owner who only follows the changes. */
  hinted = 0;
  /** What a watched key was last told to be. */
  shared: unknown;
  unsettled = 0;
  settled = 0;
  lost = 0;
  moved = 0;
  problems = new Map<string, number>();

  constructor(
    slot: number,
    itemsHandling: number,
    options: Pick<MultiworldOptions, 'address'> & Partial<MultiworldOptions>,
  ) {
    this.slot = slot;
    this.itemsHandling = itemsHandling;
    this.client = openMultiworld({
      slotName: nameOf(slot),
      game,
      itemsHandling,
      hints: true,
      tags: ['AP', 'DeathLink', 'RingLink', 'TrapLink'],
      onEvent: (event) => {
        if (event.kind === 'items') this.received = event.items.length + (event.replaced ? 0 : this.received);
        if (event.kind === 'hints') for (const { kind } of event.changes) this.#hint(kind);
        if (event.kind === 'lost') this.lost += 1;
        if (event.kind === 'moved') this.moved += 1;
        if (event.kind === 'problem') {
          const { code } = event.error;
          this.problems.set(code, 1 + (this.problems.get(code) ?? 0));
        }
      },
      ...options,
    });
    this.client.watch('shared', (value) => {
      this.shared = value;
    });
  }

  /** A question whose answer nobody reads, but which must be settled. */
  ask(question: Promise<unknown>): void {
    this.unsettled += 1;
    const done = (): void => {
      this.unsettled -= 1;
      this.settled += 1;
    };
    question.then(done, done);
  }

  check(location: number): void {
    this.reported.add(location);
    this.client.check([location]);
  }

  receiveItems(itemsHandling: number): void {
    this.itemsHandling = itemsHandling;
    this.client.receiveItems(itemsHandling);
  }

  /** Resolves once everything the server had said before is read; rejects while not in the room. */
  async caughtUp(): Promise<void> {
    await this.client.get(['shared']);
  }

  #hint(kind: 'new' | 'found' | 'changed' | 'gone'): void {
    if (kind === 'new') this.hinted += 1;
    if (kind === 'gone') this.hinted -= 1;
  }
}
