import { describe, expect, it } from 'vitest';
import type { SessionEventBody } from './events.js';
import { Pauses } from './pauses.js';

describe('pauses', () => {
  it('are told once, however many notice, and are over when nobody sees one any more', () => {
    const told: string[] = [];
    const pauses = new Pauses(({ event }: SessionEventBody) => told.push(event));
    pauses.tell('frames', false, 'x');
    pauses.tell('link', true, 'x');
    pauses.tell('frames', true, 'x');
    pauses.tell('link', true, 'x');
    expect(told).toEqual(['device.paused']);
    pauses.tell('link', false, 'x');
    expect(told).toEqual(['device.paused']);
    pauses.tell('frames', false, 'x');
    expect(told).toEqual(['device.paused', 'device.resumed']);
  });

  it('of another device are none of this one', () => {
    const told: string[] = [];
    const pauses = new Pauses(({ event }: SessionEventBody) => told.push(event));
    pauses.tell('link', true, 'x');
    pauses.forget();
    pauses.tell('link', false, 'y');
    pauses.tell('link', true, 'y');
    expect(told).toEqual(['device.paused', 'device.paused']);
  });
});
