import { expect, it } from 'vitest';
import { seededRandom } from '../../testing/seeded-random.js';
import { HonestPlayer } from './honest-player.js';
import { scheduleCount } from './schedules.js';

it('honest players are never asked, and all they did arrives', () => {
  const wrong: unknown[] = [];
  for (let seed = 1; seed <= scheduleCount(2000, 1); seed++) {
    const { held, missing } = new HonestPlayer(seededRandom(seed)).play();
    if (held !== undefined || missing.length > 0) wrong.push({ seed, held, missing });
  }
  expect(wrong).toEqual([]);
}, 60_000);
