import { CausewayError } from '@causeway/protocol/errors';
import type { GameModule } from '../../game/contract.js';
import type { Multiworld } from '../../multiworld/contract.js';
import type { Room } from '../../multiworld/room.js';
import type { JoinRequest } from '../engine.js';

/** A game that marks location 7 when byte 0x10 of `RAM` becomes 1, and says its slot in nothing. */
export const testGame = (slotName?: string): GameModule<null> => ({
  id: 'test-game',
  game: 'Test Game',
  systems: ['NES'],
  probe: { header: { domain: 'RAM', offset: 0, size: 2 } },
  identify: () => ({
    match: 'yes',
    identity: { title: 'A Test', itemsHandling: 7, ...(slotName === undefined ? {} : { slotName }) },
  }),
  start: () => null,
  plan: () => ({ regions: { flag: { domain: 'RAM', offset: 0x10, size: 1 } } }),
  step: ({ snapshot }) => ({
    state: null,
    effects: snapshot['flag']?.[0] === 1 ? [{ kind: 'check', locations: [7] }] : [],
    playing: true,
  }),
});

const roomOf = (slot: string): Room => ({
  seed: 'S33D',
  team: 0,
  slot: 1,
  slotName: slot,
  game: 'Test Game',
  slotData: {},
  players: [],
  items: [{ index: 0, item: 5, location: 70, player: 2, flags: 1 }],
  locations: new Set([7, 8]),
  checked: new Set([8]),
});

/** A room on the other side of no network. `password`: what it wants to hear, if anything. */
export class TestRoom {
  readonly joins: JoinRequest[] = [];
  readonly said: string[] = [];
  readonly checked: number[] = [];
  readonly passwords: (string | undefined)[] = [];
  readonly #password: string | undefined;

  constructor(password?: string) {
    this.#password = password;
  }

  readonly open = (join: JoinRequest): Multiworld => {
    this.joins.push(join);
    let room: Room | undefined;
    const { onEvent } = join.request;
    const admit = (): void => {
      room = roomOf(join.slot);
      onEvent({ kind: 'joined', room, rejoined: false });
      onEvent({ kind: 'items', items: room.items, replaced: false });
      onEvent({ kind: 'text', category: 'Chat', text: `Ben: hello \u001b[2J ${this.#password ?? ''}` });
    };
    const refuse = (): void =>
      onEvent({
        kind: 'refused',
        reasons: ['InvalidPassword'],
        error: new CausewayError('server_refused_password', 'The room did not take the password.'),
      });
    const login = async (): Promise<void> => {
      let given = await join.password(false);
      this.passwords.push(given);
      while (this.#password !== undefined && given !== this.#password) {
        given = await join.password(true);
        if (given === undefined) return refuse();
        this.passwords.push(given);
      }
      admit();
    };
    login().catch(() => {});
    return {
      get status() {
        return room ? ('joined' as const) : ('connecting' as const);
      },
      get room() {
        return room;
      },
      names: { item: () => 'Sword', location: (id) => `Chest ${id}`, player: () => 'Ben' },
      check: (locations) => {
        this.checked.push(...locations);
      },
      goal: () => {},
      playing: () => {},
      say: (text) => {
        if (room) this.said.push(text);
        return room !== undefined;
      },
      death: () => {},
      tag: () => {},
      scout: async () => [],
      store: () => {},
      close: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
  };
}
