import { styleText } from 'node:util';
import type { SessionEvent } from '@causeway/bridge';
import type { RoomEvent } from '@causeway/testbed/server';

type Style = Parameters<typeof styleText>[0];

const ADVANCEMENT = 1;
const USEFUL = 2;
const TRAP = 4;

const itemStyle = (flags: number): Style => {
  if (flags & ADVANCEMENT) return 'magenta';
  if (flags & USEFUL) return 'blue';
  return flags & TRAP ? 'red' : 'cyan';
};

/** Tells the demo as a story: who found what for whom, and how far the game is. */
export class Narrator {
  readonly #write: (text: string) => void;
  readonly #colour: boolean;
  readonly #me: string;
  #found = 0;
  #delivered = 0;
  #frame = 0;

  constructor(me: string, stream: NodeJS.WriteStream) {
    this.#me = me;
    this.#colour = stream.isTTY && process.env['NO_COLOR'] === undefined;
    this.#write = (text) => void stream.write(text);
  }

  say(text: string): void {
    this.#write(`${text}\n`);
  }

  /** What happens in the room. */
  room(event: RoomEvent): void {
    if (event.kind === 'joined') this.say(`${this.#player(event.name)} plays ${event.game}.`);
    if (event.kind === 'goal') this.say(`${this.#player(event.name)} has reached the goal.`);
    if (event.kind !== 'sent') return;
    const { finderName, receiverName, itemName, locationName, flags } = event;
    const item = this.#paint(itemStyle(flags), itemName);
    const whose = finderName === receiverName ? '' : ` for ${this.#player(receiverName)}`;
    this.say(`  ${this.#player(finderName)} found ${item}${whose}  (${this.#paint('green', locationName)})`);
  }

  /** What happens on the bridge. */
  session(event: SessionEvent, locations: number): void {
    if (event.event === 'device.connected') this.say(`The bridge holds a ${event.info.system}: ${event.info.peer}.`);
    if (event.event === 'game.selected') this.say(`It runs ${event.title}.`);
    if (event.event === 'error') this.say(`! ${event.message}\n  ${event.fix}  error: ${event.code}`);
    if (event.event === 'location.checked') {
      this.#found += event.ids.length;
      this.#frame = event.frame ?? this.#frame;
      this.#progress(locations);
    }
    if (event.event === 'item.delivered') {
      this.#delivered = Math.max(this.#delivered, event.index + 1);
      this.#progress(locations);
    }
  }

  #progress(locations: number): void {
    const done = Math.round((this.#found / Math.max(1, locations)) * 24);
    const bar = `${'█'.repeat(done)}${'·'.repeat(24 - done)}`;
    this.say(
      this.#paint(
        'dim',
        `    ${bar}  ${this.#found} of ${locations} chests, ${this.#delivered} items, frame ${this.#frame}`,
      ),
    );
  }

  #player(name: string): string {
    return this.#paint(name === this.#me ? ['magenta', 'bold'] : 'yellow', name);
  }

  #paint(style: Style, text: string): string {
    return this.#colour ? styleText(style, text) : text;
  }
}
