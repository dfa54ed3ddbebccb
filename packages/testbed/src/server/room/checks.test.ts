import { describe, expect, it } from 'vitest';
import { TestRoom } from '../test-support/test-room.js';

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
