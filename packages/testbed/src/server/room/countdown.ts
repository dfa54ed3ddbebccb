import { broadcastText } from './messages.js';
import type { RoomContext } from './room-context.js';

const MAX_SECONDS = 3600;
const CROWD = 30;

const line = (room: RoomContext, text: string, countdown: number): void =>
  broadcastText(room, `[Server]: ${text}`, { type: 'Countdown', countdown });

/** Counts down aloud; a new countdown takes the place of a running one. Returns why not, if it does not. */
export const startCountdown = (room: RoomContext, argument: string): string | undefined => {
  const seconds = argument === '' ? 10 : Number(argument);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SECONDS) {
    return `The countdown takes seconds from 0 to ${MAX_SECONDS}.`;
  }
  const { countdownMode } = room.options;
  const crowded = countdownMode === 'auto' && room.definition.slots.size >= CROWD;
  if (countdownMode === 'disabled' || crowded) return 'Sorry, the countdown is disabled on this server.';
  room.stopCountdown?.();
  line(room, `Starting countdown of ${seconds}s`, seconds);
  tick(room, seconds);
  return undefined;
};

const tick = (room: RoomContext, left: number): void => {
  line(room, left === 0 ? 'GO' : String(left), left);
  room.stopCountdown = undefined;
  if (left === 0) return;
  room.stopCountdown = room.surroundings.clock.after(1000, () => {
    tick(room, left - 1);
    room.outbox.flush();
  });
};
