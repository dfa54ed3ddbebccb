/** The time of day for people, in their time zone: `20:14:03`. */
export const clockTime = (milliseconds: number): string => new Date(milliseconds).toTimeString().slice(0, 8);
