import { describe, expect, test } from 'vitest';
import type { SessionEventBody } from '../session/events.js';
import { Story } from './story.js';
import { renderText } from './styled-text.js';

const TIME = '2026-01-02T03:04:05.000Z';
const connected: SessionEventBody = {
  event: 'server.connected',
  slot: 'Ana',
  game: 'Emberwalk',
  seed: 's',
  items: 1,
  checked: 2,
  locations: 9,
};
const itemSend = (text: string): SessionEventBody => ({ event: 'message', category: 'ItemSend', text });

const tell = (events: readonly SessionEventBody[], colour = false): string[] => {
  const story = new Story();
  return events
    .flatMap((event) => story.tell({ time: TIME, ...event }))
    .map((line) => renderText(line, colour).replace(/^\S*\d\d:\d\d:\d\d\S* {2}/, ''));
};

describe('the story of a session', () => {
  test('colours an item by the first of advancement, useful and trap that is set', () => {
    const received = (flags: number): SessionEventBody => ({
      event: 'item.received',
      index: 0,
      id: flags,
      name: 'X',
      from: 'Ben',
      location: 'Y',
      flags,
    });
    const colours = tell([0, 1, 2, 4, 3, 6, 5].map(received), true).map((line) => /\[(\d+)mX/.exec(line)?.[1]);
    expect(colours).toEqual(['36', '35', '34', '31', '35', '34', '35']);
  });

  test('does not tell twice what was found and received, and tells who got what of ours', () => {
    expect(
      tell([
        connected,
        itemSend('Ana sent Sword to Ben (Chest 1)'),
        itemSend('Ben sent Boat to Ana (Chest 2)'),
        itemSend('Ana found their Coin (Chest 3)'),
        itemSend('Ben found their Hat (Chest 4)'),
      ]).slice(1),
    ).toEqual(['sent        Sword to Ben (Chest 1)', 'room        Ben found their Hat (Chest 4)']);
  });

  test('keeps a flood of found locations short', () => {
    const names = Array.from({ length: 12 }, (_, index) => `L${index}`);
    expect(tell([{ event: 'location.checked', ids: names.map((_, id) => id), names }])).toEqual([
      'found       L0, L1, L2, L3, L4, L5, L6, L7, L8, L9 and 2 more',
    ]);
  });

  test('counts in proper words', () => {
    expect(tell([connected])).toEqual([
      'server      connected as Ana, Emberwalk: 2 of 9 locations checked, 1 item received',
    ]);
  });
});
