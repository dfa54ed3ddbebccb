import type { MessageCategory, TextPart } from '@causeway/protocol/archipelago';
import type { SessionEvent } from '../session/events.js';
import { clockTime } from './clock-time.js';
import { itemTone } from './item-tone.js';
import { type StyledText, span, type Tone } from './styled-text.js';

type Event<K extends SessionEvent['event']> = Extract<SessionEvent, { readonly event: K }>;

/** Names in one line of found locations before it says how many more there are. */
const MOST_NAMES = 10;
const WORD_WIDTH = 10;
/** `20:14:03` */
const TIME_WIDTH = 8;

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

type Line = (tone: Tone, word: string, ...text: StyledText[]) => StyledText;

/** What a message is called in front of its line. */
const MESSAGE_WORDS: Readonly<Record<MessageCategory, readonly [Tone, string]>> = {
  incoming: ['plain', 'received'],
  outgoing: ['player', 'sent'],
  hint: ['useful', 'hint'],
  chat: ['strong', 'chat'],
  server: ['faint', 'room'],
};

/** The category of text an event belongs to; `undefined` for what is always told. */
const categoryOf = (event: SessionEvent): MessageCategory | undefined => {
  if (event.event === 'message') return event.topic ?? 'server';
  return event.event === 'item.received' || event.event === 'item.delivered' ? 'incoming' : undefined;
};

/** A session's events as lines for people, in the words and colours players know. Remembers how items look. */
export class Story {
  readonly #wanted: (category: MessageCategory) => boolean;
  #itemTones = new Map<number, Tone>();

  /** @param wanted which categories of text are told; asked anew for every event */
  constructor(wanted: (category: MessageCategory) => boolean = () => true) {
    this.#wanted = wanted;
  }

  /** The lines for one event; none for what people need not see. */
  tell(event: SessionEvent): StyledText[] {
    if (event.event === 'item.received') this.#itemTones.set(event.id, itemTone(event.flags));
    const category = categoryOf(event);
    if (category !== undefined && !this.#wanted(category)) return [];
    const line: Line = (tone, word, ...text) => [
      span('faint', clockTime(Date.parse(event.time))),
      '  ',
      span(tone, word.padEnd(WORD_WIDTH)),
      '  ',
      ...text,
    ];
    return this.#lines(event, line);
  }

  #lines(event: SessionEvent, line: Line): StyledText[] {
    switch (event.event) {
      case 'device.connected':
        return [line('good', 'device', `${event.info.system} at ${event.uri}, ${event.info.peer}`)];
      case 'device.lost':
        return [line('warning', 'device', `lost: ${event.reason}`, event.retrying ? ' Looking for it again.' : '')];
      case 'device.waiting':
        return [line('warning', 'waiting', `${event.message} ${event.fix}`)];
      case 'device.paused':
        return [line('warning', 'paused', 'The game stands still: paused, or a menu is open.')];
      case 'device.resumed':
        return [line('good', 'resumed', 'The game goes on.')];
      case 'rom.identified':
        return [line('plain', 'rom', event.rom.title ?? event.rom.hash ?? event.rom.system)];
      case 'game.selected':
        return [line('good', 'game', span('strong', event.title), ` (${event.game})`)];
      case 'server.connected':
        return [line('good', 'server', ...this.#connected(event))];
      case 'server.refused':
        return [line('failure', 'refused', `${event.reasons.join(', ')}. ${event.fix}`)];
      case 'server.lost':
        return [
          line('warning', 'server', `${event.message} Trying again in ${(event.retryInMs / 1000).toFixed(1)} s.`),
        ];
      case 'location.checked':
        return [line('good', 'found', ...foundNames(event))];
      case 'item.received':
        return [line('plain', 'received', ...this.#received(event))];
      case 'item.delivered':
        return [line('faint', 'delivered', this.#item(event.id, event.name), event.again ? ' once more' : '')];
      case 'delivery.rewound':
        return [
          line(
            'warning',
            'rewound',
            `The game went back from ${event.from} to ${count(event.to, 'item')}. Delivery goes on from there.`,
          ),
        ];
      case 'goal.reached':
        return [line('progression', 'goal', span('strong', 'Goal reached!'))];
      case 'death.received':
        return [line('trap', 'death', event.cause ?? `${event.source} died.`)];
      case 'death.sent':
        return [line('trap', 'death', event.cause ?? 'You died.')];
      case 'message':
        return this.#message(event, line);
      case 'checks.held':
        if (event.count === 0) return [line('good', 'held', event.reason)];
        return [
          line(
            'warning',
            'held',
            `${count(event.count, 'check')} not sent: ${event.reason} `,
            span('faint', '/release sends them, /drop forgets them.'),
          ),
        ];
      case 'save.mismatch':
        return [line('warning', 'save', mismatch(event))];
      case 'room.moved':
        return [line('plain', 'room', `moved to ${event.address}`)];
      case 'module.reloaded':
        return [line('plain', 'module', `${event.module} loaded anew`)];
      case 'error':
        return [line('failure', 'error', `${event.message} ${event.fix}  `, span('faint', `error: ${event.code}`))];
    }
  }

  #connected(event: Event<'server.connected'>): StyledText[] {
    const progress = `${event.checked} of ${count(event.locations, 'location')} checked, ${count(event.items, 'item')} received`;
    return ['connected as ', span('self', event.slot), `, ${event.game}: ${progress}`];
  }

  #received(event: Event<'item.received'>): StyledText[] {
    const from = span(event.own ? 'self' : 'player', event.from);
    return [this.#item(event.id, event.name), ' from ', from, ' (', span('location', event.location), ')'];
  }

  #item(id: number, name: string): StyledText {
    return span(this.#itemTones.get(id) ?? 'filler', name);
  }

  #message(event: Event<'message'>, line: Line): StyledText[] {
    // Told already, with more detail, as what was found and received.
    if (event.topic === 'incoming') return [];
    const parts = event.parts ?? [{ kind: 'text', text: event.text } as const];
    const [tone, word] = MESSAGE_WORDS[event.topic ?? 'server'];
    const [first = [], ...others] = linesOf(event.topic === 'outgoing' ? fromItem(parts) : parts);
    const indent = ' '.repeat(TIME_WIDTH + WORD_WIDTH + 4);
    return [line(tone, word, first), ...others.map((other) => [indent, other])];
  }
}

/** My finding something for somebody begins with my name, which the line says already. */
const fromItem = (parts: readonly TextPart[]): readonly TextPart[] => {
  const item = parts.findIndex(({ kind }) => kind === 'item');
  return item < 0 ? parts : parts.slice(item);
};

/** Answers of the server have line breaks, within parts and between them. */
const linesOf = (parts: readonly TextPart[]): TextPart[][] => {
  const lines: TextPart[][] = [[]];
  for (const part of parts) {
    for (const [index, text] of part.text.split(/\r?\n/).entries()) {
      if (index > 0) lines.push([]);
      if (text !== '') lines.at(-1)?.push({ ...part, text });
    }
  }
  return lines;
};

const foundNames = ({ names }: Event<'location.checked'>): StyledText[] => {
  const shown = names.slice(0, MOST_NAMES).flatMap((name, index) => [index === 0 ? '' : ', ', span('location', name)]);
  return names.length > MOST_NAMES ? [...shown, ` and ${names.length - MOST_NAMES} more`] : shown;
};

const mismatch = ({ cause, received, items, mark }: Event<'save.mismatch'>): string => {
  const taken = `This save has taken ${count(received, 'item')}, the room has sent ${items}`;
  switch (cause) {
    case 'mark': {
      const whose = [mark?.slotName, mark?.seed].filter((part) => part !== undefined).join(', ');
      return `This save belongs to another room or slot${whose === '' ? '' : ` (${whose})`}. Nothing is sent from it or written to it.`;
    }
    case 'save':
      return `${taken}: it belongs to another room. Load the right save; /release if it is the right one.`;
    case 'server':
      return `${taken}: the room has lost what it once sent. Delivery waits until it has caught up.`;
  }
};
