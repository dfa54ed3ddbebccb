import { setTimeout as after } from 'node:timers/promises';
import type { Device, Region, Step } from '@causeway/bridge/device';
import { type Cell, cellRegion, decodeCell, encodeCell } from '@causeway/bridge/game';
import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import { COMMANDS, MODES, STATE } from '@causeway/testbed/snes-game';

const PATIENCE_MS = 10_000;
/** Memory tells nobody when it changes: it has to be looked at again. */
const LOOK_EVERY_MS = 5;

/** The marsh as it is, looked at and changed past any bridge, over a connection of its own. */
export class Marsh implements AsyncDisposable {
  readonly #device: Device;

  private constructor(device: Device) {
    this.#device = device;
  }

  static async of(uri: string): Promise<Marsh> {
    return new Marsh(await createRetroArchDriver().open(uri));
  }

  async bytes({ domain, offset, size }: Region): Promise<Uint8Array> {
    const { reads } = await this.#device.run([{ kind: 'read', at: { domain, offset }, size }]);
    return reads[0] ?? new Uint8Array();
  }

  async get(cell: Cell): Promise<number> {
    return decodeCell(cell, await this.bytes(cellRegion(cell)));
  }

  async set(...cells: readonly (readonly [Cell, number])[]): Promise<void> {
    await this.put(...cells.map(([cell, value]) => [cell, encodeCell(cell, value)] as const));
  }

  /** In this order. */
  async put(...places: readonly (readonly [Pick<Region, 'domain' | 'offset'>, Uint8Array])[]): Promise<void> {
    await this.#device.run(
      places.map(([{ domain, offset }, data]): Step => ({ kind: 'write', at: { domain, offset }, data })),
    );
  }

  async command(name: keyof typeof COMMANDS, argument = 0): Promise<void> {
    await this.set([STATE.argument, argument], [STATE.command, COMMANDS[name]]);
    await this.until(STATE.command, 0);
  }

  /** Waits until a cell has this value. */
  async until(cell: Cell, value: number): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const now = await this.get(cell);
      if (now === value) return;
      if (Date.now() > deadline) throw new Error(`WRAM ${cell.offset.toString(16)} stays ${now}, not ${value}.`);
      await after(LOOK_EVERY_MS);
    }
  }

  playing(): Promise<void> {
    return this.until(STATE.mode, MODES.playing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#device.close();
  }
}
