import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoryOf } from './message-category.js';
import { ansiText, plainText, renderText, type TextNames } from './message-text.js';
import type { MessagePart } from './wire-types.js';

const names: TextNames = {
  item: (id, slot) => `item ${id} of ${slot}`,
  location: (id, slot) => `place ${id} of ${slot}`,
  player: (slot) => (slot === 1 ? 'Ana' : 'Bo\u001b[31mb'),
  isOwn: (slot) => slot === 1 || slot === 5,
};

const data: MessagePart[] = [
  { text: '1', type: 'player_id' },
  { text: ' sent ' },
  { text: '7', type: 'item_id', player: 2, flags: 3 },
  { text: ' to ' },
  { text: '2', type: 'player_id' },
  { text: ' (' },
  { text: '9', type: 'location_id', player: 1 },
  { text: ')' },
];

describe('renderText', () => {
  it('puts names for ids and the colours players know', () => {
    const parts = renderText({ data }, names);
    expect(plainText(parts)).toBe('Ana sent item 7 of 2 to Bo[31mb (place 9 of 1)');
    expect(parts.map(({ color }) => color)).toEqual([
      'magenta',
      undefined,
      'plum',
      undefined,
      'yellow',
      undefined,
      'green',
      undefined,
    ]);
    expect(ansiText(parts)).toContain('\u001b[35mAna\u001b[0m sent \u001b[35mitem 7 of 2\u001b[0m to ');
  });

  it.each([
    [0, 'cyan'],
    [1, 'plum'],
    [2, 'slateblue'],
    [4, 'salmon'],
    [6, 'slateblue'],
    [5, 'plum'],
  ])('colours an item with flags %i %s', (flags, color) => {
    expect(renderText({ data: [{ text: '1', type: 'item_id', player: 1, flags }] }, names)[0]?.color).toBe(color);
  });

  it('takes combined colour names and skips unknown ones', () => {
    const [part] = renderText(
      { data: [{ text: 'x', type: 'color', color: 'bold;sparkling;red;blue_bg;underline' }] },
      names,
    );
    expect(part).toEqual({ kind: 'text', text: 'x', color: 'red', background: 'blue', bold: true, underline: true });
    expect(ansiText([part!])).toBe('\u001b[1;4;31;44mx\u001b[0m');
  });

  it('shows an id that is none as it came', () => {
    expect(plainText(renderText({ data: [{ text: 'who?', type: 'player_id' }] }, names))).toBe('who?');
  });

  it('keeps line breaks of the server, not of players', () => {
    const lines: MessagePart[] = [{ text: 'a\nb\tc' }];
    expect(plainText(renderText({ data: lines, type: 'CommandResult' }, names))).toBe('a\nb c');
    expect(plainText(renderText({ data: lines, type: 'Chat' }, names))).toBe('a b c');
  });

  it('lets nothing through that a terminal would obey', () => {
    const part = fc.record(
      {
        text: fc.string({ unit: 'binary' }),
        type: fc.constantFrom('player_id', 'item_id', 'color', 'x', 'hint_status'),
      },
      { requiredKeys: ['text'] },
    );
    void fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = plainText(renderText({ data: parts, type: 'Chat' }, names));
        expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('categoryOf', () => {
  const item = (player: number) => ({ item: 1, location: 1, player, flags: 0 });
  it.each([
    [{ type: 'ItemSend', receiving: 1, item: item(2) }, 'incoming'],
    [{ type: 'ItemSend', receiving: 5, item: item(2) }, 'incoming'],
    [{ type: 'ItemSend', receiving: 1, item: item(1) }, 'incoming'],
    [{ type: 'ItemSend', receiving: 2, item: item(1) }, 'outgoing'],
    [{ type: 'ItemSend', receiving: 2, item: item(3) }, 'server'],
    [{ type: 'Hint', receiving: 2, item: item(3) }, 'hint'],
    [{ type: 'Chat' }, 'chat'],
    [{ type: 'New thing' }, 'server'],
    [{}, 'server'],
  ] as const)('%j is %s', (packet, category) => {
    expect(categoryOf(packet, names.isOwn)).toBe(category);
  });
});
