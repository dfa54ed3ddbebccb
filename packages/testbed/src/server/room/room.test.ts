import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestRoom } from '../test-support/test-room.js';

describe('login', () => {
  it('takes every name of a slot, and no group', () => {
    const test = new TestRoom();
    for (const name of ['Ann', 'QW5u']) {
      const client = test.join(name, 'Oak');
      expect(test.room.inspect.connectionsOf(1)).toBe(name === 'Ann' ? 1 : 2);
      expect(client.slot).toBe(1);
    }
    const group = test.join('Both', 'Oak');
    expect(test.closed.get(group)).toBe(1000);
  });

  it('gives all reasons at once', () => {
    const test = new TestRoom();
    const client = test.open();
    const old = { class: 'Version', major: 0, minor: 1, build: 0 };
    test.takeTexts(client);
    test.send(client, {
      cmd: 'Connect',
      password: null,
      game: 'Sea',
      name: 'Ann',
      uuid: '',
      version: old,
      items_handling: 6,
      tags: [],
    });
    const [refusal] = test.take(client);
    expect(refusal?.['errors'].sort()).toEqual(['IncompatibleVersion', 'InvalidGame', 'InvalidItemsHandling']);
    expect(test.events).toContainEqual({ kind: 'refused', name: 'Ann', reasons: expect.any(Array) });
  });

  it('repeats itself for the same slot without a word to the others, and drops a change of slot', () => {
    const test = new TestRoom();
    const client = test.join('Ann', 'Oak');
    const other = test.join('Ben', 'Oak');
    const connect = (name: string) => ({
      cmd: 'Connect',
      password: null,
      game: 'Oak',
      name,
      uuid: '',
      version: { class: 'Version', major: 0, minor: 6, build: 7 },
      items_handling: 1,
      tags: [],
    });
    test.send(client, connect('Ann'));
    expect(test.take(client).map(({ cmd }) => cmd)).toEqual(['Connected']);
    expect(test.take(other)).toEqual([]);
    test.send(client, connect('Ben'));
    expect(test.closed.get(client)).toBe(1000);
    expect(test.room.inspect.connections).toBe(1);
  });

  it('sends slot data as the room file has it', () => {
    const test = new TestRoom();
    const client = test.join('Ann', 'Oak');
    test.send(client, { cmd: 'Get', keys: ['_read_slot_data_1'] });
    expect(test.takeTexts(client)).toEqual([
      '[{"cmd":"Retrieved","keys":{"_read_slot_data_1":{"9":[1],"10":true,"speed":1.5}}}]',
    ]);
  });
});

describe('checks', () => {
  it('gives a group item to every member, the finder included, whatever their items_handling', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak', { items_handling: 1 });
    const ben = test.join('Ben', 'Oak', { items_handling: 1 });
    test.send(ann, { cmd: 'LocationChecks', locations: [12] });
    for (const client of [ann, ben]) {
      const received = test.take(client).find(({ cmd }) => cmd === 'ReceivedItems');
      expect(received).toMatchObject({ index: 0, items: [{ item: 4, location: 12, player: 1, flags: 2 }] });
    }
  });

  it('takes what Python takes for a location and drops what it cannot', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    test.room.receive(ann, '[{"cmd":"LocationChecks","locations":[10.0,10.5,1e300,99999999999999999999,true]}]');
    expect(test.room.inspect.checked(1)).toEqual([10]);
    for (const locations of ['["10"]', '[[10]]', '[null]', '5', 'null']) {
      const client = test.join('Ann', 'Oak');
      test.room.receive(client, `[{"cmd":"LocationChecks","locations":${locations}}]`);
      expect(test.closed.get(client), locations).toBe(1000);
    }
  });

  it('collects for a group once all its members have', () => {
    const test = new TestRoom();
    const [ann, ben] = [test.join('Ann', 'Oak'), test.join('Ben', 'Oak')];
    test.room.console('/option release_mode disabled');
    test.send(ann, { cmd: 'StatusUpdate', status: 30 });
    expect(test.room.inspect.checked(1)).toEqual([10, 13]);
    expect(test.room.inspect.missing(2)).toEqual([11, 12, 13]);
    test.send(ben, { cmd: 'StatusUpdate', status: 30 });
    expect(test.room.inspect.missing(1)).toEqual([11]);
    expect(test.room.inspect.missing(2)).toEqual([]);
  });

  it('congratulates when the last player is done', () => {
    const test = new TestRoom();
    const clients = [test.join('Ann', 'Oak'), test.join('Ben', 'Oak'), test.join('Cid', 'Sea')];
    for (const client of clients) test.send(client, { cmd: 'StatusUpdate', status: 30 });
    expect(test.lines(clients[0]!).at(-1)).toBe('Team #1 has completed all of their games! Congratulations!');
    expect(test.events.filter(({ kind }) => kind === 'goal')).toHaveLength(3);
  });

  it('splits the lines of many checks after 140', () => {
    const locations = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`L${index}`, index + 1]));
    const test = TestRoom.from({
      seed: 'many',
      games: { G: { items: { I: 1 }, locations } },
      slots: [
        { name: 'A', game: 'G', locations: Object.fromEntries(Object.keys(locations).map((name) => [name, 'I'])) },
      ],
    });
    const client = test.join('A', 'G');
    test.send(client, { cmd: 'LocationChecks', locations: Object.values(locations) });
    const sizes = test.takeTexts(client).map((text) => (JSON.parse(text) as unknown[]).length);
    expect(sizes).toEqual([140, 140, 20, 1, 1]);
  });
});

describe('hints', () => {
  it('sells one at a time, others first, and says when points run out', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    const buy = () => {
      test.send(ann, { cmd: 'Say', text: '!hint Thorn' });
      return test.lines(ann).slice(1);
    };
    expect(buy()).toEqual(["You can't afford the hint. You have 0 points and need at least 2."]);
    test.send(ann, { cmd: 'LocationChecks', locations: [10, 11] });
    test.takeTexts(ann);
    expect(buy()).toEqual([
      expect.stringContaining("1's 3 is at 10 in 3's World. (avoid)"),
      'There may be more to hint, but you have 0 points and need at least 2.',
    ]);
    expect(test.room.inspect.hintPoints(1)).toBe(0);
    expect(test.room.inspect.hints(3)).toHaveLength(1);
  });

  it('finds every place of a group item', () => {
    const test = new TestRoom();
    test.room.console('/option hint_cost 0');
    const ann = test.join('Ann', 'Oak');
    test.send(ann, { cmd: 'Say', text: '!hint Nut' });
    expect(test.room.inspect.hints(2).map(({ finder, location }) => [finder, location])).toEqual([
      [1, 12],
      [2, 13],
    ]);
  });

  it('hints a whole group of locations', () => {
    const test = new TestRoom();
    test.room.console('/option hint_cost 0');
    const ann = test.join('Ann', 'Oak');
    test.send(ann, { cmd: 'Say', text: '!hint_location High' });
    expect(
      test.room.inspect
        .hints(1)
        .map(({ location }) => location)
        .sort(),
    ).toEqual([12, 13]);
  });
});

describe('storage', () => {
  it('shows in-place changes everywhere the same object stands, as Python does', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    const operations = [{ operation: 'update', value: [2] }];
    test.send(ann, { cmd: 'Set', key: 'k', default: [1], want_reply: true, operations });
    expect(test.takeTexts(ann)).toEqual([
      '[{"cmd":"SetReply","key":"k","default":[1,2],"want_reply":true,"operations":[{"operation":"update","value":[2]}],"original_value":[1],"slot":1,"value":[1,2]}]',
    ]);
  });

  it('writes each reply as of its own time', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    const add = (value: number) => ({
      cmd: 'Set',
      key: 'k',
      default: [],
      want_reply: true,
      operations: [{ operation: 'update', value: [value] }],
    });
    test.send(ann, add(1), add(2));
    expect(test.take(ann).map(({ value }) => value)).toEqual([[1], [1, 2]]);
  });

  it('keeps what was changed in place before the operation that raises', () => {
    const test = new TestRoom();
    const first = test.join('Ann', 'Oak');
    test.send(first, { cmd: 'Set', key: 'k', operations: [{ operation: 'replace', value: [1] }] });
    test.send(first, {
      cmd: 'Set',
      key: 'k',
      operations: [
        { operation: 'update', value: [2] },
        { operation: 'floor', value: 0 },
      ],
    });
    expect(test.closed.get(first)).toBe(1000);
    expect(test.room.inspect.stored('k')).toEqual([1, 2]);
  });

  it('drops whoever touches a value that cannot be written, and keeps it', () => {
    const test = new TestRoom();
    const watcher = test.join('Ben', 'Oak');
    const writer = test.join('Ann', 'Oak');
    test.send(writer, {
      cmd: 'Set',
      key: 'c',
      default: -8,
      want_reply: true,
      operations: [{ operation: 'pow', value: 0.5 }],
    });
    expect(test.closed.get(writer)).toBe(1000);
    const reader = test.join('Ann', 'Oak');
    test.send(reader, { cmd: 'Get', keys: ['c'] });
    expect(test.closed.get(reader)).toBe(1000);
    expect(test.closed.has(watcher)).toBe(false);
    expect(() => test.room.load(test.room.save())).not.toThrow();
  });

  it('knows one spelling of each read-only key', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    test.send(ann, {
      cmd: 'Get',
      keys: ['_read_hints_0_01', '_read_hints_0_9', '_read_hints_1_1', '_read_client_status_0_4'],
    });
    const keys: unknown = test.take(ann)[0]?.['keys'];
    expect(keys).toEqual({
      _read_hints_0_01: null,
      _read_hints_0_9: null,
      _read_hints_1_1: null,
      _read_client_status_0_4: 30,
    });
  });

  it('forgets the watches of who has left', () => {
    const test = new TestRoom();
    const clients = Array.from({ length: 50 }, () => test.join('Ann', 'Oak'));
    for (const client of clients) test.send(client, { cmd: 'SetNotify', keys: ['a', 'b', '_read_hints_0_1'] });
    expect(test.room.inspect.watched().get('a')).toBe(50);
    for (const client of clients) test.room.leave(client);
    expect(test.room.inspect.watched().size).toBe(0);
    expect(test.room.inspect.connections).toBe(0);
  });
});

describe('the host', () => {
  it('can save and look whatever clients have stored', () => {
    const test = new TestRoom();
    const half = String.raw`"\ud800"`;
    for (const packet of [
      `{"cmd":"Set","key":"c","default":-8,"operations":[{"operation":"pow","value":0.5}]}`,
      `{"cmd":"Set","key":${half},"operations":[{"operation":"replace","value":1}]}`,
      `{"cmd":"Set","key":"v","operations":[{"operation":"replace","value":${half}}]}`,
      `{"cmd":"StatusUpdate","status":${half}}`,
      `{"cmd":"ConnectUpdate","tags":[${half}]}`,
    ]) {
      test.room.receive(test.join('Ann', 'Oak'), `[${packet}]`);
    }
    expect(test.bugs).toEqual([]);
    expect(test.room.console('/datastore')).toHaveLength(1);
    expect(() => test.room.load(test.room.save())).not.toThrow();
  });

  it('lets in and locks out by password, and hides passwords in chat', () => {
    const test = new TestRoom();
    const lines = test.room.console('/option password sesame street');
    expect(lines).toEqual(['Set option password to *******']);
    const ann = test.open();
    test.send(ann, {
      cmd: 'Connect',
      password: 'sesame street',
      game: 'Oak',
      name: 'Ann',
      uuid: '',
      version: { class: 'Version', major: 0, minor: 6, build: 7 },
      items_handling: 0,
      tags: [],
    });
    test.takeTexts(ann);
    test.room.console('/option server_password root');
    test.send(ann, { cmd: 'Say', text: '!admin login root' });
    test.send(ann, { cmd: 'Say', text: '!admin /option password secret' });
    expect(test.takeTexts(ann).join('')).not.toMatch(/root|secret/);
    expect(JSON.stringify(test.events)).not.toMatch(/sesame|root|secret/);
  });

  it('has one admin at a time', () => {
    const test = new TestRoom();
    test.room.console('/option server_password root');
    const [ann, ben] = [test.join('Ann', 'Oak'), test.join('Ben', 'Oak')];
    for (const client of [ann, ben]) test.send(client, { cmd: 'Say', text: '!admin login root' });
    test.lines(ann);
    test.send(ann, { cmd: 'Say', text: '!admin /players' });
    expect(test.lines(ann).at(-1)).toBe('You must first login using !admin login [password]');
  });

  it.each([
    '/help',
    '/license',
    '/options',
    '/save',
    '/players',
    '/status',
    '/status AP',
    '/alias Ann Queen Ann',
    '/alias Ann',
    '/collect Ann',
    '/countdown 0',
    '/countdown nonsense',
    '/release Ben',
    '/allow_release Ben',
    '/forbid_release Ben',
    '/send Ann Acorn',
    '/send "Ann" 2',
    '/send_multiple 3 Cid Pearl',
    '/send_multiple x Cid Pearl',
    '/send_location Cid Reef',
    '/hint Ann Thorn',
    '/hint_location Ann Root',
    '/hint Nobody Thorn',
    '/option nonsense 1',
    '/option hint_cost many',
    '/option release_mode sometimes',
    '/option item_cheat false',
    '/datastore',
    '/',
    '/nonsense',
    'hello',
    '/send',
    '/exit',
  ])('can type %s', (line) => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    expect(() => test.room.console(line)).not.toThrow();
    expect(test.closed.has(ann)).toBe(false);
  });

  it('allows and forbids a release for one player', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    test.room.console('/allow_release Ann');
    test.send(ann, { cmd: 'Say', text: '!release' });
    expect(test.room.inspect.missing(1)).toEqual([]);
  });
});

describe('hostile messages', () => {
  const cmd = fc.constantFrom(
    'Connect',
    'ConnectUpdate',
    'Sync',
    'LocationChecks',
    'LocationScouts',
    'CreateHints',
    'UpdateHint',
    'StatusUpdate',
    'Say',
    'GetDataPackage',
    'Bounce',
    'Get',
    'Set',
    'SetNotify',
    'Nothing',
  );
  const number = fc.constantFrom(0, 1, 2, 3, 5, 7, 10, 11, 12, 20, 30, 40, -1, 1.5);
  const word = fc.constantFrom(
    'Ann',
    'Oak',
    'k',
    '_read_hints_0_1',
    'add',
    'update',
    '!hint',
    '!hint Nut',
    '!admin',
    'class',
  );
  const value = fc.oneof(
    { depthSize: 'small' },
    number,
    word,
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.oneof(number, word, fc.jsonValue())),
    fc.record({ operation: word, value: fc.jsonValue() }).map((operation) => [operation]),
    fc.jsonValue(),
  );
  const field = fc.constantFrom(
    'password',
    'game',
    'name',
    'uuid',
    'version',
    'items_handling',
    'tags',
    'slot_data',
    'locations',
    'create_as_hint',
    'player',
    'location',
    'status',
    'text',
    'games',
    'exclusions',
    'slots',
    'data',
    'keys',
    'key',
    'default',
    'want_reply',
    'operations',
    'class',
    '__proto__',
  );
  const packet = fc
    .tuple(cmd, fc.dictionary(field, value, { maxKeys: 5 }))
    .map(([name, fields]) => ({ ...fields, cmd: name }));

  it('cost their sender the connection at most', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 6 }), fc.boolean(), (packets, loggedIn) => {
        const test = new TestRoom();
        const bystander = test.join('Ben', 'Oak');
        const client = loggedIn ? test.join('Ann', 'Oak') : test.open();
        for (const one of packets) test.send(client, one);
        expect(test.bugs).toEqual([]);
        expect(test.closed.has(bystander)).toBe(false);
        expect(test.room.inspect.connections).toBe(test.closed.has(client) ? 1 : 2);
        test.room.load(test.room.save());
      }),
      { numRuns: 3000 },
    );
  });

  it('that are any text do not harm either', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => `[${text}]`),
        ),
        (text) => {
          const test = new TestRoom();
          const client = test.join('Ann', 'Oak');
          test.room.receive(client, text);
          expect(test.bugs).toEqual([]);
        },
      ),
    );
  });
});
