import { expect, test } from 'vitest';
import { silentLogger } from '../logger.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { FakeDevice } from './rig/fake-device.js';
import { SessionRig } from './rig/session-rig.js';
import { Screen } from './screen.js';

const ABLE = { capabilities: ['message'] } as const;

/** A device that shows a text only when told to. */
class SlowScreen extends FakeDevice {
  readonly finish: ((error?: Error) => void)[] = [];

  override showMessage(text: string): Promise<void> {
    this.shown.push(text);
    return new Promise((resolve, reject) => {
      this.finish.push((error) => (error ? reject(error) : resolve()));
    });
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('shows one text after the other, also when one fails', async () => {
  const device = new SlowScreen({ clock: new VirtualClock(), memory: {}, ...ABLE });
  const screen = new Screen(device, silentLogger);
  expect(['a', 'b', 'c'].map((text) => screen.show(text))).toEqual([true, true, true]);
  await turn();
  expect(device.shown).toEqual(['a']);
  device.finish[0]?.(new Error('no'));
  await turn();
  expect(device.shown).toEqual(['a', 'b']);
  device.finish[1]?.();
  await turn();
  device.finish[2]?.();
  await turn();
  expect(screen.show('d')).toBe(true);
  expect(device.shown).toEqual(['a', 'b', 'c', 'd']);
});

test('lets no flood wait', () => {
  const device = new SlowScreen({ clock: new VirtualClock(), memory: {}, ...ABLE });
  const screen = new Screen(device, silentLogger);
  const taken = Array.from({ length: 1_000 }, (_, index) => screen.show(`${index}`)).filter(Boolean);
  expect(taken).toHaveLength(9);
});

test('a session shows text on the device it has, and says when it has none that can', async () => {
  const able = new SessionRig({ device: ABLE });
  expect(able.session.show('early')).toBe(false);
  await able.pass(1_000);
  expect(able.session.show('hello')).toBe(true);
  expect(able.device.shown).toEqual(['hello']);
  const first = able.device;
  first.lose();
  await able.pass(100);
  expect(able.session.show('lost')).toBe(false);
  await able.pass(2_000);
  expect(able.session.show('again')).toBe(true);
  expect([first.shown, able.device.shown]).toEqual([['hello'], ['again']]);
  await able.stop();
  expect(able.session.show('late')).toBe(false);
  const unable = new SessionRig();
  await unable.pass(1_000);
  expect(unable.session.show('hello')).toBe(false);
  await unable.stop();
});
