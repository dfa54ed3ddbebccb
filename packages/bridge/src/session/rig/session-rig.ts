import type { Device } from '../../device/contract.js';
import type { GameModule, StepResult } from '../../game/contract.js';
import { VirtualClock } from '../../testing/virtual-clock.js';
import type { LoginRequest, Session, SessionOptions } from '../contract.js';
import { createSession } from '../create-session.js';
import type { SessionEvent } from '../events.js';
import { FakeDevice, type FakeDeviceOptions } from './fake-device.js';
import { FakeMultiworld } from './fake-multiworld.js';

export interface RigOptions extends Partial<Omit<SessionOptions, 'clock' | 'modules'>> {
  readonly modules?: readonly GameModule[];
  readonly device?: Partial<FakeDeviceOptions>;
}

/** What a step of the module under test does; the rest of the module is the same for all. */
export type Step = GameModule['step'];

export const idleStep: Step = (_frame, _room, state): StepResult<unknown> => ({ state, effects: [], playing: true });

/** A module that reads `value` (RAM 0-3) and knows the ROM by its first byte, 7. */
export const fakeModule = (step: Step, changes: Partial<GameModule> = {}): GameModule => ({
  id: 'fake',
  game: 'Fake',
  systems: ['SIM'],
  probe: { mark: { domain: 'ROM', offset: 0, size: 4 } },
  identify: ({ mark }) =>
    mark?.[0] === 7
      ? { match: 'yes', identity: { title: 'Fake', slotName: `slot${mark[1]}`, itemsHandling: 7 } }
      : { match: 'no' },
  start: () => ({}),
  plan: () => ({ regions: { value: { domain: 'RAM', offset: 0, size: 4 } } }),
  step,
  ...changes,
});

/** A session on a fake device and a fake multiworld, in virtual time. */
export class SessionRig {
  readonly clock = new VirtualClock();
  readonly memory = { RAM: new Uint8Array(16), ROM: Uint8Array.of(7, 1, 0, 0) };
  readonly devices: FakeDevice[] = [];
  readonly multiworlds: FakeMultiworld[] = [];
  readonly events: SessionEvent[] = [];
  readonly session: Session;
  ended: unknown;

  constructor(options: RigOptions = {}) {
    const { device, modules, ...rest } = options;
    const openDevice = (): Promise<Device> => {
      const opened = new FakeDevice({ clock: this.clock, memory: this.memory, ...device });
      this.devices.push(opened);
      return Promise.resolve(opened);
    };
    const openMultiworld = (login: LoginRequest): FakeMultiworld => {
      const opened = new FakeMultiworld(login);
      this.multiworlds.push(opened);
      return opened;
    };
    this.session = createSession({
      openDevice,
      openMultiworld,
      modules: modules ?? [fakeModule(idleStep)],
      clock: this.clock,
      ...rest,
    });
    void this.#collect();
    this.session.done.then(
      () => {
        this.ended = 'stopped';
      },
      (error: unknown) => {
        this.ended = error;
      },
    );
  }

  get device(): FakeDevice {
    const device = this.devices.at(-1);
    if (!device) throw new Error('No device was opened yet.');
    return device;
  }

  get multiworld(): FakeMultiworld {
    const multiworld = this.multiworlds.at(-1);
    if (!multiworld) throw new Error('No multiworld was opened yet.');
    return multiworld;
  }

  /** Lets time pass, milliseconds. */
  async pass(ms: number): Promise<void> {
    await this.clock.runUntil(() => false, ms);
  }

  /** Events of one name, without their time. */
  told(name: SessionEvent['event']): readonly Record<string, unknown>[] {
    return this.events.filter(({ event }) => event === name).map(({ time: _time, event: _event, ...rest }) => rest);
  }

  /** Stops the session; says after how many milliseconds it had stopped, at most `within`. */
  async stop(within = 10_000): Promise<number | undefined> {
    const begun = this.clock.now();
    let stopped = false;
    void this.session.stop().then(() => {
      stopped = true;
    });
    return (await this.clock.runUntil(() => stopped, within)) ? this.clock.now() - begun : undefined;
  }

  async #collect(): Promise<void> {
    for await (const event of this.session.events()) this.events.push(event);
  }
}
