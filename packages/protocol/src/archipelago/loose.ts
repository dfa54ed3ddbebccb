import { z } from 'zod';
import type { Json } from './json.js';

/**
 * An object whose unknown fields pass through, typed as if it had none.
 *
 * The server adds fields between versions; code must not break on them, and must not be allowed to misspell a known one.
 */
export const loose = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject(shape) as unknown as z.ZodObject<Shape, z.core.$strip>;

/** An array nobody may change in place. Checked by type only: freezing ten thousand items would cost more than it helps. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z.array(item) as unknown as z.ZodType<readonly z.output<Item>[], readonly z.input<Item>[]>;

/**
 * As {@link list}, with a hand-written check in front for lists of thousands: what is complete passes as it stands, and only
 * what is not is looked at entry by entry, for its defaults or its faults.
 */
export const longList = <Item extends z.ZodType>(item: Item, isComplete: (value: unknown) => boolean) => {
  const entries = list(item);
  return z.unknown().transform((value, context): readonly z.output<Item>[] => {
    if (Array.isArray(value) && value.every(isComplete)) return value;
    const parsed = entries.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const { message, path } of parsed.error.issues) {
      context.issues.push({ code: 'custom', message, path, input: value });
    }
    return z.NEVER;
  }) as unknown as z.ZodType<readonly z.output<Item>[], readonly z.input<Item>[]>;
};

/** A JSON value that is handed through unread: the codec made it, so it is JSON. */
export const json = z.unknown() as unknown as z.ZodType<Json, Json>;

/** A JSON object that is handed through unread. */
export const jsonObject = z.custom<Readonly<Record<string, Json>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not an object',
);

/** An id of an item or a location, a slot, a team, flags: an integer that a double holds exactly. */
export const integer = z.int();

/** A table name → id. Its thousands of entries are checked when it is used, not when it arrives. */
export const idTable = z.custom<Readonly<Record<string, number>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not an object',
);
