import { describe, expect, it } from 'vitest';
import { TestRoom } from '../test-support/test-room.js';

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
