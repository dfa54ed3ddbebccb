/** What other programs put into a Bounce, read with every field missing or of any type. */
import { isJsonObject, type Json, stripControls } from '@causeway/protocol/archipelago';

export const field = (data: Json | undefined, name: string): Json | undefined =>
  isJsonObject(data) && Object.hasOwn(data, name) ? data[name] : undefined;

/** Seconds since the Unix epoch; NaN when nothing sensible was given. */
export const timeOf = (data: Json | undefined): number => Number(field(data, 'time') ?? Number.NaN);

/** A text that is fit for a screen; empty when there is none. */
export const shownText = (data: Json | undefined, name: string): string => {
  const value = field(data, name);
  return typeof value === 'string' ? stripControls(value) : '';
};

export const sourceOf = (data: Json | undefined): string => shownText(data, 'source') || 'Unknown player';
