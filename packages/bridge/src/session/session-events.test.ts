import { describe, expect, it } from 'vitest';
import { silentLogger } from '../logger.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { SessionEvents } from './session-events.js';

const create = (warnings: string[] = []): SessionEvents =>
  new SessionEvents(new VirtualClock(), { ...silentLogger, warn: (event) => warnings.push(event) });

describe('session events', () => {
  it('come in order, those from before the consumer too, and end', async () => {
    const events = create();
    events.emit({ event: 'goal.reached' });
    const seen: string[] = [];
    const loop = (async () => {
      for await (const { event, time } of events.consume()) seen.push(`${event} ${time}`);
    })();
    await Promise.resolve();
    events.emit({ event: 'device.paused', uri: 'x' });
    events.end();
    events.emit({ event: 'goal.reached' });
    await loop;
    expect(seen).toEqual(['goal.reached 2023-11-14T22:13:20.000Z', 'device.paused 2023-11-14T22:13:20.000Z']);
  });

  it('have one consumer', () => {
    const events = create();
    events.consume();
    expect(() => events.consume()).toThrow(TypeError);
  });

  it('forget the oldest when nobody comes, and say so once', async () => {
    const warnings: string[] = [];
    const events = create(warnings);
    for (let count = 0; count < 10_005; count++) events.emit({ event: 'delivery.rewound', from: count, to: 0 });
    events.end();
    const seen: unknown[] = [];
    for await (const event of events.consume()) seen.push(event);
    expect(seen).toHaveLength(10_000);
    expect(seen[0]).toMatchObject({ from: 5 });
    expect(warnings).toEqual(['session.events-dropped']);
  });

  it('are kept no longer once the consumer left', async () => {
    const events = create();
    events.emit({ event: 'goal.reached' });
    for await (const event of events.consume()) {
      expect(event.event).toBe('goal.reached');
      break;
    }
    events.emit({ event: 'goal.reached' });
  });
});
