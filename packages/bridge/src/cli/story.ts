import type { SessionEvent } from '../session/events.js';
import { clockTime } from './clock-time.js';
import { type StyledText, span, type Tone } from './styled-text.js';

type Event<K extends SessionEvent['event']> = Extract<SessionEvent, { readonly event: K }>;

/** Names in one line of found locations before it says how many more there are. */
const MOST_NAMES = 10;
const WORD_WIDTH = 10;

/** Bits of an item's flags, as the server sends them. */
const ADVANCEMENT = 1;
const USEFUL = 2;
const TRAP = 4;

/** The class that decides an item's colour: the first bit that is set, in this order. */
const itemTone = (flags: number): Tone => {
  if (flags & ADVANCEMENT) return 'progression';
  if (flags & USEFUL) return 'useful';
  return flags & TRAP ? 'trap' : 'filler';
};

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** A session's events as lines for people, in the words and colours players know. Remembers who "I" am. */
export class Story {
  #slot: string | undefined;
  #itemTones = new Map<number, Tone>();

  /** The lines for one event; none for what people need not see. */
  tell(event: SessionEvent): StyledText[] {
    const line = (tone: Tone, word: string, ...text: StyledText[]): StyledText => [
      span('faint', clockTime(Date.parse(event.time))),
      '  ',
      span(tone, word.padEnd(WORD_WIDTH)),
      '  ',
      ...text,
    ];
    return this.#lines(event, line);
  }

  #lines(event: SessionEvent, line: (tone: Tone, word: string, ...text: StyledText[]) => StyledText): StyledText[] {
    switch (event.event) {
      case 'device.connected':
        return [line('good', 'device', `${event.info.system} at ${event.uri}, ${event.info.peer}`)];
      case 'device.lost':
        return [line('warning', 'device', `lost: ${event.reason}`, event.retrying ? ' Looking for it again.' : '')];
      case 'device.waiting':
        return [line('warning', 'waiting', `${event.message} ${event.fix}`)];
      case 'device.paused':
        return [line('warning', 'paused', 'The emulator does not answer: paused, or a menu is open.')];
      case 'device.resumed':
        return [line('good', 'resumed', 'The emulator answers again.')];
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
        return [line('warning', 'held', `${count(event.count, 'check')} not sent: ${event.reason}`)];
      case 'save.mismatch':
        return [
          line(
            'warning',
            'save',
            `This save has taken ${count(event.received, 'item')}, the room has sent ${event.items}: it belongs to another game.`,
          ),
        ];
      case 'room.moved':
        return [line('plain', 'room', `moved to ${event.address}`)];
      case 'module.reloaded':
        return [line('plain', 'module', `${event.module} loaded anew`)];
      case 'error':
        return [line('failure', 'error', `${event.message} ${event.fix}  `, span('faint', `error: ${event.code}`))];
    }
  }

  #connected(event: Event<'server.connected'>): StyledText[] {
    this.#slot = event.slot;
    const progress = `${event.checked} of ${count(event.locations, 'location')} checked, ${count(event.items, 'item')} received`;
    return ['connected as ', span('self', event.slot), `, ${event.game}: ${progress}`];
  }

  #received(event: Event<'item.received'>): StyledText[] {
    this.#itemTones.set(event.id, itemTone(event.flags));
    const from = span(event.from === this.#slot ? 'self' : 'player', event.from);
    return [this.#item(event.id, event.name), ' from ', from, ' (', span('location', event.location), ')'];
  }

  #item(id: number, name: string): StyledText {
    return span(this.#itemTones.get(id) ?? 'filler', name);
  }

  #message(
    event: Event<'message'>,
    line: (tone: Tone, word: string, ...text: StyledText[]) => StyledText,
  ): StyledText[] {
    const me = this.#slot;
    if (event.category !== 'ItemSend' || me === undefined) return [line('faint', 'room', event.text)];
    // Told already, with more detail, as what was found and received.
    if (event.text.startsWith(`${me} found their `) || event.text.includes(` to ${me} (`)) return [];
    if (event.text.startsWith(`${me} sent `)) return [line('player', 'sent', event.text.slice(`${me} sent `.length))];
    return [line('faint', 'room', event.text)];
  }
}

const foundNames = ({ names }: Event<'location.checked'>): StyledText[] => {
  const shown = names.slice(0, MOST_NAMES).flatMap((name, index) => [index === 0 ? '' : ', ', span('location', name)]);
  return names.length > MOST_NAMES ? [...shown, ` and ${names.length - MOST_NAMES} more`] : shown;
};
