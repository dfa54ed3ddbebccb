import type { Clock, Logger } from '@causeway/bridge';
import type { Client } from '../room/client.js';
import { readRoom } from '../room/read-room.js';
import { Room } from '../room/room.js';
import type { RoomDefinition } from '../room/room-definition.js';
import type { RoomEvent } from '../room/room-event.js';

/** A command as it arrived, loosely typed for assertions. */
export type Received = { readonly cmd: string; readonly [field: string]: unknown };

/** A room of two games, three players and a group, small enough to know by heart. */
export const SMALL_ROOM = JSON.stringify({
  seed: 'small',
  options: { hintCost: 50, releaseMode: 'auto', collectMode: 'auto' },
  games: {
    Oak: {
      items: {
        Acorn: { id: 1, kind: 'progression' },
        Leaf: 2,
        Thorn: { id: 3, kind: 'trap' },
        Nut: { id: 4, kind: 'useful' },
      },
      locations: { Root: 10, Trunk: 11, Crown: 12, Nest: 13 },
      locationGroups: { High: ['Crown', 'Nest'] },
    },
    Sea: { items: { Pearl: { id: 1, kind: 'progression' }, Sand: 2 }, locations: { Reef: 10, Wreck: 11 } },
  },
  slots: [
    {
      name: 'Ann',
      game: 'Oak',
      startItems: ['Leaf'],
      loginNames: ['QW5u'],
      slotData: { speed: 1.5, '10': true, '9': [1] },
      locations: {
        Root: 'Acorn',
        Trunk: { item: 'Pearl', for: 'Cid' },
        Crown: { item: 'Nut', for: 'Both' },
        Nest: 'Thorn',
      },
    },
    {
      name: 'Ben',
      game: 'Oak',
      locations: {
        Root: { item: 'Acorn', for: 'Ann' },
        Trunk: 'Leaf',
        Crown: 'Thorn',
        Nest: { item: 'Nut', for: 'Both' },
      },
    },
    { name: 'Cid', game: 'Sea', locations: { Reef: { item: 'Thorn', for: 'Ann' }, Wreck: 'Sand' } },
  ],
  groups: [{ name: 'Both', game: 'Oak', members: ['Ann', 'Ben'] }],
});

/** A room in memory and what its clients were sent. */
export class TestRoom {
  readonly room: Room;
  readonly events: RoomEvent[] = [];
  readonly bugs: unknown[] = [];
  readonly texts = new Map<Client, string[]>();
  readonly closed = new Map<Client, number>();

  constructor(definition: RoomDefinition = readRoom(SMALL_ROOM), clock?: Clock) {
    const logger: Logger = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (event, fields) => this.bugs.push([event, fields]),
    };
    const outlet = {
      send: (client: Client, text: string) => {
        if (!this.closed.has(client)) this.texts.get(client)?.push(text);
      },
      close: (client: Client, code: number) => void this.closed.set(client, code),
    };
    this.room = new Room(definition, outlet, {
      random: () => 0,
      logger,
      emit: (event) => this.events.push(event),
      ...(clock ? { clock } : {}),
    });
  }

  /** A room from an object in the format for people. */
  static from(file: object): TestRoom {
    return new TestRoom(readRoom(JSON.stringify(file)));
  }

  open(compressed = true): Client {
    const client = this.room.open({ compressed });
    this.texts.set(client, []);
    this.room.greet(client);
    return client;
  }

  /** Logs in; what that brought is forgotten. */
  join(name: string, game: string, fields: object = {}): Client {
    const client = this.open();
    this.send(client, {
      cmd: 'Connect',
      password: null,
      game,
      name,
      uuid: 'test',
      version: { class: 'Version', major: 0, minor: 6, build: 7 },
      items_handling: 7,
      tags: ['AP'],
      slot_data: false,
      ...fields,
    });
    for (const texts of this.texts.values()) texts.length = 0;
    return client;
  }

  send(client: Client, ...packets: readonly object[]): void {
    this.room.receive(client, JSON.stringify(packets));
  }

  /** The messages since the last look, as texts. */
  takeTexts(client: Client): readonly string[] {
    return this.texts.get(client)?.splice(0) ?? [];
  }

  /** The commands since the last look. */
  take(client: Client): readonly Received[] {
    return this.takeTexts(client).flatMap((text) => JSON.parse(text) as Received[]);
  }

  /** The lines of text since the last look. */
  lines(client: Client): readonly string[] {
    return this.take(client)
      .filter(({ cmd }) => cmd === 'PrintJSON')
      .map(({ data }) => (data as { text: string }[]).map(({ text }) => text).join(''));
  }
}
