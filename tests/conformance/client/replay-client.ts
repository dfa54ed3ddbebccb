import { systemClock } from '@causeway/bridge';
import { type MultiworldClient, type MultiworldEvent, openMultiworld } from '@causeway/bridge/multiworld';
import {
  type ClientPacket,
  type Connect,
  decodeClientMessage,
  type GameData,
  type JsonObject,
  writePythonJson,
} from '@causeway/protocol/archipelago';
import { expect } from 'vitest';
import type { RecordedEvent, Recording } from '../server/recording.js';
import { commandsOf, ExpectedRoom } from './expected-room.js';
import { offence } from './legality.js';
import type { RecordedPeer, RecordedServer } from './recorded-peer.js';

/** Connections of one client: `A` and, when it comes back, `A'`. */
export const chainsOf = (recording: Recording): readonly (readonly RecordedEvent[])[] => {
  const chains = new Map<string, RecordedEvent[]>();
  for (const event of recording.events) {
    if (event.conn === undefined) continue;
    const base = recording.name === 'client-commonclient-game' ? 'c' : event.conn.replace(/'+$/, '');
    chains.set(base, [...(chains.get(base) ?? []), event]);
  }
  return [...chains.values()];
};

const packetsOf = (event: RecordedEvent): readonly ClientPacket[] =>
  event.text === undefined
    ? []
    : decodeClientMessage(event.text).flatMap((entry) => (entry.kind === 'packet' ? [entry.packet] : []));

/** The first login of a chain, when a client of ours could have sent it. */
export const loginOf = (chain: readonly RecordedEvent[]): Connect | undefined => {
  const first = chain.find(({ ev }) => ev === 'c2s');
  const connects = chain.flatMap((event) => (event.ev === 'c2s' ? packetsOf(event) : []));
  const connect = connects.find((packet) => packet.cmd === 'Connect');
  if (!first || commandsOf(first.text ?? '').length === 0) return undefined;
  return connect?.cmd === 'Connect' && typeof connect.uuid === 'string' ? connect : undefined;
};

/** Names as the real server sent them, by checksum. */
export const recordedPackages = (recordings: readonly Recording[]): ReadonlyMap<string, JsonObject> => {
  const packages = new Map<string, JsonObject>();
  for (const { events } of recordings) {
    for (const event of events) {
      for (const command of event.ev === 's2c' ? commandsOf(event.text ?? '') : []) {
        if (command['cmd'] !== 'DataPackage') continue;
        const { games } = command['data'] as { games: Readonly<Record<string, GameData>> };
        for (const [game, data] of Object.entries(games)) packages.set(game, data as unknown as JsonObject);
      }
    }
  }
  return packages;
};

interface Asked {
  readonly packet: ClientPacket;
  readonly answer: Promise<unknown>;
}

/** Plays one chain of a recording to a client of ours, and makes the client do what the recorded one did. */
export class ReplayedClient implements AsyncDisposable {
  readonly events: MultiworldEvent[] = [];
  readonly expected = new ExpectedRoom();
  readonly client: MultiworldClient;
  readonly peers: RecordedPeer[] = [];
  /** What our requests were answered, beside what the recording says. */
  readonly answers: { readonly given: Promise<unknown>; readonly recorded: unknown }[] = [];
  /** Commands of the recording that our client did as well, and those it has no way to send. */
  readonly done: string[] = [];
  readonly leftOut: string[] = [];
  readonly #server: RecordedServer;
  readonly #chain: readonly RecordedEvent[];
  readonly #packages: ReadonlyMap<string, JsonObject>;
  readonly #passwords: (string | undefined)[];
  readonly #ownDeaths = new Set<number>();
  readonly #tags: Set<string>;
  readonly #reported = new Set<number>();
  #asked: Asked[] = [];
  readonly #told = new Set<number>();
  #loggedIn = false;
  #timeOffsetMs = 0;

  constructor(
    server: RecordedServer,
    chain: readonly RecordedEvent[],
    connect: Connect,
    packages: ReadonlyMap<string, JsonObject>,
  ) {
    this.#server = server;
    this.#chain = chain;
    this.#packages = packages;
    this.#tags = new Set(connect.tags);
    this.#passwords = chain
      .flatMap((event) => (event.ev === 'c2s' ? packetsOf(event) : []))
      .flatMap((packet) => (packet.cmd === 'Connect' ? [packet.password ?? undefined] : []));
    const { major, minor, build } = connect.version;
    this.client = openMultiworld({
      address: server.address,
      slotName: connect.name,
      game: connect.game ?? '',
      itemsHandling: connect.items_handling,
      tags: connect.tags,
      uuid: String(connect.uuid),
      version: { major, minor, build },
      slotData: connect.slot_data ?? true,
      password: () => this.#passwords.shift(),
      onEvent: (event) => this.events.push(event),
      clock: {
        ...systemClock,
        now: () => Date.now() + this.#timeOffsetMs,
        // The first wait before a reconnect is a second; a test need not sit through it.
        after: (ms, callback) => systemClock.after(ms <= 1_200 ? 1 : ms, callback),
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }

  /** Plays everything. Stops where the recorded client went on after a refusal that no other password can mend. */
  async play(): Promise<void> {
    let peer: RecordedPeer | undefined;
    for (const [position, event] of this.#chain.entries()) {
      if (event.ev === 'open') {
        if (peer) await peer.end(undefined);
        peer = await this.#server.accept();
        this.peers.push(peer);
        this.#loggedIn = false;
      } else if (!peer) {
        throw new Error('a recording begins with the opening of a connection');
      } else if (event.ev === 's2c') {
        await this.#hear(peer, event.text ?? '');
      } else if (event.ev === 'c2s') {
        await peer.settled();
        if (this.client.status === 'refused') return;
        for (const packet of packetsOf(event)) await this.#do(peer, packet);
      } else if (event.ev === 'close' && event.by === 'server') {
        await peer.end(event.code);
        peer = undefined;
      } else if (event.ev === 'close' && position === this.#chain.length - 1) {
        await peer.settled();
      }
    }
  }

  /** Every packet sent, on any connection. */
  get sent(): readonly ClientPacket[] {
    return this.peers.flatMap(({ heard }) => heard);
  }

  async #hear(peer: RecordedPeer, text: string): Promise<void> {
    const commands = commandsOf(text);
    for (const command of commands) this.expected.hear(command, this.#ownDeaths, this.#tags.has('DeathLink'));
    const answered = commands.map((command) => this.#answerFor(command));
    // A second between the frames, so that no death falls into the pause after another.
    this.#timeOffsetMs += 2_000;
    if (answered.every((entry) => entry === undefined)) peer.say(text);
    else peer.say(writePythonJson(commands.map((command, index) => ({ ...command, ...answered[index] }))));
    if (!commands.some(({ cmd }) => cmd === 'Connected')) return;
    this.#loggedIn = true;
    this.#answerLogin(peer);
  }

  /** What the recorded server could not have said: the answers to what only our client asks with its login. */
  #answerLogin(peer: RecordedPeer): void {
    for (const packet of peer.heard) {
      if (packet.cmd === 'Get' && packet.keys[0] === '_read_race_mode') {
        const { cmd: _, ...echo } = packet;
        peer.say(writePythonJson([{ ...echo, cmd: 'Retrieved', keys: { _read_race_mode: 0 } }]));
      }
      if (packet.cmd === 'GetDataPackage') {
        const games = Object.fromEntries((packet.games ?? []).map((game) => [game, this.#packages.get(game)]));
        peer.say(writePythonJson([{ cmd: 'DataPackage', data: { games } }]));
      }
    }
  }

  /** Our request id for a recorded answer to the same question. */
  #answerFor(command: JsonObject): JsonObject | undefined {
    const index = this.#asked.findIndex(({ packet }) => {
      if (command['cmd'] === 'Retrieved' && packet.cmd === 'Get') {
        return (
          [...packet.keys].sort().join() ===
          Object.keys(command['keys'] as JsonObject)
            .sort()
            .join()
        );
      }
      if (command['cmd'] !== 'SetReply' || packet.cmd !== 'Set') return false;
      return (
        command['key'] === packet.key && writePythonJson(command['operations']) === writePythonJson(packet.operations)
      );
    });
    const [asked] = index < 0 ? [] : this.#asked.splice(index, 1);
    if (!asked) return undefined;
    const { value, original_value: original } = command;
    this.answers.push({
      given: asked.answer,
      recorded: asked.packet.cmd === 'Get' ? command['keys'] : { value, original },
    });
    const { causeway_request: id } = asked.packet as unknown as JsonObject;
    return { causeway_request: id ?? null };
  }

  async #do(peer: RecordedPeer, packet: ClientPacket): Promise<void> {
    if (packet.cmd === 'Connect') {
      const sent = await peer.next('Connect', ({ cmd }) => cmd === 'Connect');
      const wanted = { ...packet, game: packet.game ?? '', tags: [...this.#tags], slot_data: packet.slot_data ?? true };
      expect(sent).toEqual(wanted);
      this.done.push('Connect');
      return;
    }
    const doing = this.#loggedIn ? this.#doing(packet) : undefined;
    if (!doing) {
      this.leftOut.push(packet.cmd);
      return;
    }
    await peer.rest();
    doing.act();
    const news = await peer.rest();
    doing.check(news);
    this.done.push(packet.cmd);
  }

  /** How our client does what the recorded one did, and what it must then send. */
  #doing(
    packet: ClientPacket,
  ): { readonly act: () => void; readonly check: (news: readonly ClientPacket[]) => void } | undefined {
    const { client } = this;
    const exactly = (wanted: readonly unknown[]) => (news: readonly ClientPacket[]) => expect(news).toEqual(wanted);
    const watches = ['Tracker', 'TextOnly', 'HintGame'].some((tag) => this.#tags.has(tag));
    switch (packet.cmd) {
      case 'LocationChecks': {
        const fresh = [...new Set(packet.locations)].filter(
          (id) => this.expected.locations.has(id) && !this.expected.checked.has(id) && !this.#reported.has(id),
        );
        for (const id of packet.locations) this.#reported.add(id);
        const wanted = fresh.length === 0 || watches ? [] : [{ cmd: 'LocationChecks', locations: fresh }];
        return { act: () => client.check(packet.locations), check: exactly(wanted) };
      }
      case 'StatusUpdate':
        if (packet.status === 30) {
          if (!watches) this.#told.add(30);
          return { act: () => client.goal(), check: exactly(watches ? [] : [packet]) };
        }
        if (packet.status !== 20) return undefined;
        return {
          act: () => client.playing(true),
          check: exactly(this.expected.joined && this.#playing(packet.status) ? [packet] : []),
        };
      case 'Say':
        if (offence(packet, new Set())) return undefined;
        return { act: () => client.say(packet.text), check: exactly([packet]) };
      case 'Bounce': {
        const { cmd: _, data, ...target } = packet;
        if (packet.tags?.includes('DeathLink')) this.#ownDeaths.add(Number((data as JsonObject)['time']));
        return { act: () => client.bounce(target, data), check: exactly([packet]) };
      }
      case 'ConnectUpdate':
        return this.#doTags(packet.tags ?? undefined);
      case 'LocationScouts':
        return this.#doScout(packet.locations, packet.create_as_hint ?? 0);
      case 'CreateHints':
        if (packet.locations.length === 0) return undefined;
        return {
          act: () => client.createHints(packet.locations, packet),
          check: ([sent]) => expect(sent).toMatchObject({ ...packet, status: packet.status ?? 0 }),
        };
      case 'UpdateHint':
        if (packet.status === null) return undefined;
        return {
          act: () => client.updateHint(packet.player, packet.location, packet.status ?? 0),
          check: exactly([packet]),
        };
      case 'Get':
        return this.#ask((options) => client.get(packet.keys, options), { cmd: 'Get', keys: packet.keys });
      case 'SetNotify':
        return {
          act: () => {
            for (const key of packet.keys) client.watch(key, () => {});
          },
          check: (news) =>
            expect(news.flatMap((entry) => (entry.cmd === 'SetNotify' ? entry.keys : []))).toEqual(packet.keys),
        };
      case 'Set':
        return this.#doSet(packet);
      default:
        return undefined;
    }
  }

  /** Whether this status is news: the goal is final, and nothing is said twice. */
  #playing(status: number): boolean {
    const news = !this.#told.has(30) && !this.#told.has(status);
    this.#told.add(status);
    return news;
  }

  #doTags(tags: readonly string[] | undefined) {
    if (!tags) return undefined;
    const before = new Set(this.#tags);
    for (const tag of before) if (!tags.includes(tag)) this.#tags.delete(tag);
    for (const tag of tags) this.#tags.add(tag);
    return {
      act: () => {
        for (const tag of before) if (!tags.includes(tag)) this.client.tag(tag, false);
        for (const tag of tags) this.client.tag(tag, true);
      },
      check: ([update, ...more]: readonly ClientPacket[]) => {
        expect(update?.cmd === 'ConnectUpdate' && [...(update.tags ?? [])].sort()).toEqual([...tags].sort());
        for (const packet of more) expect(packet.cmd).toBe('LocationChecks');
      },
    };
  }

  #doScout(locations: readonly number[], hint: number) {
    const known = [...new Set(locations)].filter((id) => this.expected.locations.has(id));
    return {
      act: () => {
        this.client.scout(locations, { hint: hint as 0 | 1 | 2 }).catch(() => {});
      },
      check: (news: readonly ClientPacket[]) =>
        expect(news).toEqual(
          known.length === 0 ? [] : [{ cmd: 'LocationScouts', locations: known, create_as_hint: hint }],
        ),
    };
  }

  #doSet(packet: Extract<ClientPacket, { readonly cmd: 'Set' }>) {
    const { key, operations } = packet;
    if (offence(packet, new Set())) {
      return {
        act: () => {
          this.client.set(key, operations).catch(() => {});
        },
        check: (news: readonly ClientPacket[]) => expect(news).toEqual([]),
      };
    }
    const wanted = { cmd: 'Set', key, operations, want_reply: packet.want_reply ?? false };
    if (!packet.want_reply) {
      return {
        act: () => this.client.store(key, operations, packet.default),
        check: (news: readonly ClientPacket[]) => expect(news).toEqual([expect.objectContaining(wanted)]),
      };
    }
    const withDefault = packet.default === undefined ? {} : { default: packet.default };
    return this.#ask((options) => this.client.set(key, operations, { ...options, ...withDefault }), wanted);
  }

  #ask(ask: (options: { timeoutMs: number }) => Promise<unknown>, wanted: Readonly<Record<string, unknown>>) {
    let answer: Promise<unknown> = Promise.resolve();
    return {
      act: () => {
        answer = ask({ timeoutMs: 20_000 });
        answer.catch(() => {});
      },
      check: ([packet, ...more]: readonly ClientPacket[]) => {
        if (!packet) throw new Error(`nothing was sent for ${wanted['cmd']}`);
        expect(packet).toMatchObject(wanted);
        expect(more).toEqual([]);
        this.#asked.push({ packet, answer });
      },
    };
  }
}
