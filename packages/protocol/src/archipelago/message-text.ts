/** PrintJSON for people: plain, with terminal colours, or as parts to be styled (`archipelago.md` §14). */
import { ItemFlag } from './enumerations.js';
import type { PrintJSON } from './server-packets.js';
import { stripControls } from './strip-controls.js';
import type { MessagePart } from './wire-types.js';

/** Colours that players know from other clients, as `RRGGBB`. */
export const TEXT_COLORS = {
  black: '000000',
  red: 'EE0000',
  green: '00FF7F',
  yellow: 'FAFAD2',
  blue: '6495ED',
  magenta: 'EE00EE',
  cyan: '00EEEE',
  white: 'FFFFFF',
  plum: 'AF99EF',
  slateblue: '6D8BE8',
  salmon: 'FA8072',
  orange: 'FF7700',
} as const;
export type TextColor = keyof typeof TEXT_COLORS;

export interface TextStyle {
  readonly color?: TextColor;
  readonly background?: TextColor;
  readonly bold?: boolean;
  readonly underline?: boolean;
}

/** What a piece of text stands for. */
export type TextKind = 'text' | 'player' | 'item' | 'location' | 'entrance' | 'hint-status';

/** A piece of a message with names in place of ids and without control characters. */
export interface TextPart extends TextStyle {
  readonly kind: TextKind;
  readonly text: string;
}

/** Names for the ids of a message, and who "me" is. */
export interface TextNames {
  item(id: number, slot: number): string;
  location(id: number, slot: number): string;
  player(slot: number): string;
  /** Whether a slot is the own one or a group it belongs to. */
  isOwn(slot: number): boolean;
}

const itemColor = (flags: number): TextColor => {
  if (flags & ItemFlag.advancement) return 'plum';
  if (flags & ItemFlag.useful) return 'slateblue';
  return flags & ItemFlag.trap ? 'salmon' : 'cyan';
};

const HINT_COLORS: ReadonlyMap<number, TextColor> = new Map([
  [0, 'white'],
  [10, 'slateblue'],
  [20, 'salmon'],
  [30, 'plum'],
  [40, 'green'],
]);

const isColor = (name: string): name is TextColor => Object.hasOwn(TEXT_COLORS, name);

const namedStyle = (names: string): TextStyle => {
  let style: TextStyle = {};
  for (const name of names.split(';')) {
    const background = name.replace(/_bg$/, '');
    if (isColor(name)) style = { ...style, color: name };
    else if (name === 'bold' || name === 'underline') style = { ...style, [name]: true };
    else if (background !== name && isColor(background)) style = { ...style, background };
  }
  return style;
};

/** An id in a part's text; `undefined` when it is none, and then the text is shown as it came. */
const idOf = (part: MessagePart): number | undefined => (/^-?\d+$/.test(part.text) ? Number(part.text) : undefined);

const renderPart = (part: MessagePart, names: TextNames): TextPart => {
  const id = idOf(part);
  const owner = part.player ?? 0;
  switch (part.type) {
    case 'player_id':
      if (id === undefined) return { kind: 'player', text: part.text, color: 'yellow' };
      return { kind: 'player', text: names.player(id), color: names.isOwn(id) ? 'magenta' : 'yellow' };
    case 'player_name':
      return { kind: 'player', text: part.text, color: 'yellow' };
    case 'item_id':
    case 'item_name': {
      const text = part.type === 'item_id' && id !== undefined ? names.item(id, owner) : part.text;
      return { kind: 'item', text, color: itemColor(part.flags ?? 0) };
    }
    case 'location_id':
      return { kind: 'location', text: id === undefined ? part.text : names.location(id, owner), color: 'green' };
    case 'location_name':
      return { kind: 'location', text: part.text, color: 'green' };
    case 'entrance_name':
      return { kind: 'entrance', text: part.text, color: 'blue' };
    case 'hint_status':
      return { kind: 'hint-status', text: part.text, color: HINT_COLORS.get(part.hint_status ?? 0) ?? 'red' };
    case 'color':
      return { kind: 'text', text: part.text, ...namedStyle(part.color ?? '') };
    default:
      return { kind: 'text', text: part.text };
  }
};

/** Names instead of ids, colours, and nothing in it that could command a terminal. Only the server's own lines keep line breaks. */
export const renderText = (packet: Pick<PrintJSON, 'data' | 'type'>, names: TextNames): readonly TextPart[] => {
  const lineBreaks = packet.type !== 'Chat';
  return packet.data.map((part) => {
    const rendered = renderPart(part, names);
    return { ...rendered, text: stripControls(rendered.text, { lineBreaks }) };
  });
};

export const plainText = (parts: readonly TextPart[]): string => parts.map((part) => part.text).join('');

const ANSI: Readonly<Record<TextColor, number | undefined>> = {
  black: 30,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  white: 37,
  plum: 35,
  slateblue: 34,
  salmon: 31,
  orange: undefined,
};

const ansiPart = ({ text, color, background, bold, underline }: TextPart): string => {
  const foreground = color && ANSI[color];
  const behind = background && ANSI[background];
  const codes = [
    ...(bold ? [1] : []),
    ...(underline ? [4] : []),
    ...(foreground === undefined ? [] : [foreground]),
    ...(behind === undefined ? [] : [behind + 10]),
  ];
  return codes.length === 0 || text === '' ? text : `\u001b[${codes.join(';')}m${text}\u001b[0m`;
};

/** The message for a terminal. */
export const ansiText = (parts: readonly TextPart[]): string => parts.map(ansiPart).join('');
