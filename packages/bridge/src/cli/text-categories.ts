import type { MessageCategory } from '@causeway/protocol/archipelago';
import { usageError } from './usage-error.js';

/** What texts of a room can be about, in the words of `/toggle_text`. */
export const TEXT_CATEGORIES = ['incoming', 'outgoing', 'hint', 'chat', 'server'] as const;

const EVERYTHING: ReadonlySet<MessageCategory> = new Set(TEXT_CATEGORIES);
const NOTHING: ReadonlySet<MessageCategory> = new Set();

/** What interrupts nobody who plays: what came, and where something is. */
const ON_SCREEN: ReadonlySet<MessageCategory> = new Set(['incoming', 'hint']);

const isCategory = (word: string): word is MessageCategory => TEXT_CATEGORIES.some((known) => known === word);

/** Understands `incoming,hint`, `all` and `none`, or throws a usage error. */
export const parseCategories = (text: string, flag: string): ReadonlySet<MessageCategory> => {
  if (text === 'all') return EVERYTHING;
  if (text === 'none') return NOTHING;
  const words = text.split(',').map((word) => word.trim());
  if (words.every(isCategory)) return new Set(words);
  throw usageError(
    `${flag} "${text}" is not a list of categories.`,
    `It is any of ${TEXT_CATEGORIES.join(',')} with commas between them, or all, or none.`,
  );
};

/** Where texts of the room are shown. */
export type TextPlace = 'prompt' | 'screen';

/** Which texts of the room are shown at the prompt and on the game's own screen. Changes as the person wishes. */
export class TextChoice {
  readonly #shown: Record<TextPlace, Set<MessageCategory>>;

  constructor({ prompt = EVERYTHING, screen = ON_SCREEN }: Partial<Record<TextPlace, ReadonlySet<MessageCategory>>>) {
    this.#shown = { prompt: new Set(prompt), screen: new Set(screen) };
  }

  shows(place: TextPlace, category: MessageCategory): boolean {
    return this.#shown[place].has(category);
  }

  /**
   * Switches one category, or with `all` every one; without `on` to the opposite (`all`: on unless all are).
   *
   * @returns `false` when there is no such category
   */
  switch(place: TextPlace, category: string, on?: boolean): boolean {
    const chosen = category === 'all' ? TEXT_CATEGORIES : isCategory(category) ? [category] : [];
    const shown = this.#shown[place];
    const turnOn = on ?? !chosen.every((each) => shown.has(each));
    for (const each of chosen) {
      if (turnOn) shown.add(each);
      else shown.delete(each);
    }
    return chosen.length > 0;
  }

  /** `incoming, hint`, or `nothing`. */
  describe(place: TextPlace): string {
    return TEXT_CATEGORIES.filter((category) => this.shows(place, category)).join(', ') || 'nothing';
  }
}
