import { type StyledText, span } from '../styled-text.js';

const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Names as people look for them: `Chest 2` before `Chest 10`. */
export const sortNames = (names: Iterable<string>): string[] => [...names].sort(order.compare);

/** Whether a name is among those a filter wants: all that contain it, whatever the case. */
export const passes = (filter: string): ((name: string) => boolean) => {
  const wanted = filter.toLowerCase();
  return (name) => name.toLowerCase().includes(wanted);
};

/** Finds a name by what a person typed, whatever the case. */
export const findName = (names: Iterable<string>, typed: string): string | undefined => {
  const wanted = typed.toLowerCase();
  return [...names].find((name) => name.toLowerCase() === wanted);
};

/** One entry of a list below its heading. */
export const entry = (...text: StyledText[]): StyledText => ['  ', ...text];

export const faint = (text: string): StyledText => span('faint', text);
