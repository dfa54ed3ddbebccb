import type { MessageCategory, TextPart } from '@causeway/protocol/archipelago';
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
type Message = Extract<SessionEventBody, { event: 'message' }>;

const message = (topic: MessageCategory, ...parts: (string | TextPart)[]): Message => {
  const rendered = parts.map((part) => (typeof part === 'string' ? ({ kind: 'text', text: part } as const) : part));
  return { event: 'message', category: '', topic, text: rendered.map(({ text }) => text).join(''), parts: rendered };
};

const sword: TextPart = { kind: 'item', text: 'Sword', color: 'plum' };
const ben: TextPart = { kind: 'player', text: 'Ben', color: 'yellow' };
const ana: TextPart = { kind: 'player', text: 'Queen (Ana)', color: 'magenta' };
const chest: TextPart = { kind: 'location', text: 'Chest 1', color: 'green' };

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

  test('does not tell twice what was found and received, and tells who got what of ours, aliases or not', () => {
    expect(
      tell([
        connected,
        message('outgoing', ana, ' sent ', sword, ' to ', ben, ' (', chest, ')'),
        message('incoming', ben, ' sent ', sword, ' to ', ana, ' (', chest, ')'),
        message('incoming', ana, ' found their ', sword, ' (', chest, ')'),
        message('server', ben, ' found their ', sword, ' (', chest, ')'),
        message('hint', '[Hint]: ', sword),
        message('chat', 'Ben: Ana sent Sword to Ana (Chest 1)'),
      ]).slice(1),
    ).toEqual([
      'sent        Sword to Ben (Chest 1)',
      'room        Ben found their Sword (Chest 1)',
      'hint        [Hint]: Sword',
      'chat        Ben: Ana sent Sword to Ana (Chest 1)',
    ]);
  });

  test('colours messages as the room does, and lets nothing in them steer the terminal', () => {
    const [line = ''] = tell(
      [message('server', ben, { kind: 'text', text: '\u001b[2Jhi', color: 'red', bold: true })],
      true,
    );
    expect(line).toContain('\u001b[33mBen\u001b[0m\u001b[1;31m<1B>[2Jhi\u001b[0m');
  });

  test('keeps the lines of an answer below each other', () => {
    expect(tell([message('server', '!help\n  Shows', ' help.\r\n!hint')])).toEqual([
      'room        !help',
      `${' '.repeat(22)}  Shows help.`,
      `${' '.repeat(22)}!hint`,
    ]);
  });

  test('tells a message that came without parts or topic', () => {
    expect(tell([{ event: 'message', category: 'New', text: 'Something' }])).toEqual(['room        Something']);
  });

  test('leaves out the categories that are not wanted', () => {
    const wanted = new Set(['hint']);
    const story = new Story((category) => wanted.has(category));
    const item: SessionEventBody = {
      event: 'item.received',
      index: 0,
      id: 1,
      name: 'X',
      from: 'Ben',
      location: 'Y',
      flags: 1,
    };
    const told = (body: SessionEventBody): number => story.tell({ time: TIME, ...body }).length;
    expect([item, message('chat', 'a'), message('hint', 'b'), connected].map(told)).toEqual([0, 0, 1, 1]);
    wanted.add('incoming');
    expect([item, message('chat', 'a')].map(told)).toEqual([1, 0]);
  });

  test('knows what I found myself, whatever I am called', () => {
    const received = (own: boolean): SessionEventBody => ({
      event: 'item.received',
      index: 0,
      id: 1,
      name: 'X',
      from: 'Queen (Ana)',
      own,
      location: 'Y',
      flags: 0,
    });
    const colours = tell([received(true), received(false)], true).map((line) => /\[([\d;]+)mQueen/.exec(line)?.[1]);
    expect(colours).toEqual(['35;1', '33']);
  });

  test('keeps a flood of found locations short', () => {
    const names = Array.from({ length: 12 }, (_, index) => `L${index}`);
    expect(tell([{ event: 'location.checked', ids: names.map((_, id) => id), names }])).toEqual([
      'found       L0, L1, L2, L3, L4, L5, L6, L7, L8, L9 and 2 more',
    ]);
  });

  test('says which of save and room is the wrong one', () => {
    const mismatch = (cause: 'mark' | 'save' | 'server'): SessionEventBody => ({
      event: 'save.mismatch',
      received: 3,
      items: 1,
      cause,
      ...(cause === 'mark' ? { mark: { seed: 'S2', slotName: 'Ben' } } : {}),
    });
    expect(tell([mismatch('mark'), mismatch('save'), mismatch('server')])).toEqual([
      'save        This save belongs to another room or slot (Ben, S2). Nothing is sent from it or written to it.',
      'save        This save has taken 3 items, the room has sent 1: it belongs to another room. Load the right save; /release if it is the right one.',
      'save        This save has taken 3 items, the room has sent 1: the room has lost what it once sent. Delivery waits until it has caught up.',
    ]);
  });

  test('counts in proper words', () => {
    expect(tell([connected])).toEqual([
      'server      connected as Ana, Emberwalk: 2 of 9 locations checked, 1 item received',
    ]);
  });
});
