import type { Random } from '@causeway/bridge';
import { seededRandom } from '@causeway/bridge/testing';

/**
 * What the console's doors can be made to do wrong, as the programs they stand for do: `docs/specs/usb2snes.md`, `retroarch.md`,
 * `sni.md` and `nwa.md` say where each was seen. With none of them on, every door does what its protocol promises.
 */
export const CONSOLE_FAULTS = {
  'usb2snes-list-reordered': 'lists its devices in another order each time, the console a second time among them',
  'usb2snes-list-incomplete': 'leaves the devices out of every other list',
  'usb2snes-small-messages': 'cuts answers into messages of 1024 bytes',
  'usb2snes-long-reads-wrong': 'answers reads of over 2048 bytes with the right length and wrong bytes',
  'usb2snes-zeros': 'answers what the console does not map with zeros instead of closing',
  'usb2snes-closes-all': 'closes the connections of all clients when one makes a mistake',
  'retroarch-loss': 'loses one datagram in 20, both ways',
  'retroarch-duplicates': 'delivers one datagram in 10 twice',
  'retroarch-delays': 'delivers one datagram in 10 up to 60 ms late, behind others',
  'retroarch-restarts': 'quits and starts again every 1200 frames',
  'grpc-unknown-errors': 'fails one call in 20 with Unknown, for no reason',
  'grpc-deaf-after-restart': 'answers nothing about the console any more once that was restarted',
  'nwa-short-reads': 'cuts the last range of one read in 40 short',
  'nwa-first-range-only': 'answers the first range of a read and forgets the others',
  'nwa-error-text': 'answers one read in 40 with the text of an error',
} as const;

export type ConsoleFault = keyof typeof CONSOLE_FAULTS;

export const isConsoleFault = (name: string): name is ConsoleFault => Object.hasOwn(CONSOLE_FAULTS, name);

/** Which faults are on; they may be switched at any time. What happens by chance is the same for the same seed. */
export class FaultSwitches {
  readonly random: Random;
  readonly #on: Set<ConsoleFault>;

  constructor(on: readonly ConsoleFault[] = [], seed = 1) {
    this.#on = new Set(on);
    this.random = seededRandom(seed);
  }

  get on(): readonly ConsoleFault[] {
    return [...this.#on];
  }

  has(fault: ConsoleFault): boolean {
    return this.#on.has(fault);
  }

  /** Whether `fault` is on and strikes now, as it does once in `times`. */
  strikes(fault: ConsoleFault, times: number): boolean {
    return this.#on.has(fault) && this.random() * times < 1;
  }

  set(fault: ConsoleFault, on: boolean): void {
    if (on) this.#on.add(fault);
    else this.#on.delete(fault);
  }
}
