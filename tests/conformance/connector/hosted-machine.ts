import { readFileSync } from 'node:fs';
import { type Emulator, type Fill, MemoryMachine, startEmulator } from '@causeway/testbed/emulator';
import type { ConnectorUnderTest, ShownMessage } from './connector-under-test.js';
import { machineDescription } from './recording.js';

interface Description {
  readonly domains: readonly {
    readonly name: string;
    readonly size: number;
    readonly writable: boolean;
    readonly fill: Fill['kind'];
    readonly seed?: number;
  }[];
  readonly maps: readonly {
    readonly domain: string;
    readonly start: number;
    readonly length: number;
    readonly target: string;
    readonly offset: number;
  }[];
  readonly pokes: readonly { readonly domain: string; readonly address: number; readonly hex: string }[];
  readonly system: string;
  readonly romHash: string;
  readonly preferredCores: Readonly<Record<string, string>>;
  readonly currentDomain: string;
}

const description = JSON.parse(readFileSync(machineDescription, 'utf8')) as Description;

const recordedMachine = (): MemoryMachine =>
  new MemoryMachine({
    system: description.system,
    rom: { name: 'rig', hash: description.romHash },
    domains: description.domains.map(({ fill, seed, ...domain }) => ({
      ...domain,
      fill: fill === 'mix' ? { kind: fill, seed: seed ?? 0 } : { kind: fill },
    })),
    windows: description.maps,
    pokes: description.pokes.map(({ domain, address, hex }) => ({
      domain,
      offset: address,
      data: Uint8Array.from(Buffer.from(hex, 'hex')),
    })),
    currentDomain: description.currentDomain,
  });

/** Our emulator host, that is Lua 5.4 in WebAssembly, on the recordings' machine. */
export class HostedMachine implements ConnectorUnderTest {
  readonly messages: ShownMessage[];
  readonly port: number;
  readonly #emulator: Emulator;

  private constructor(emulator: Emulator, port: number, messages: ShownMessage[]) {
    this.#emulator = emulator;
    this.port = port;
    this.messages = messages;
  }

  static async open(this: void): Promise<HostedMachine> {
    const messages: ShownMessage[] = [];
    const emulator: Emulator = await startEmulator({
      rom: recordedMachine(),
      port: 0,
      preferredCores: description.preferredCores,
      onMessage: (text) => messages.push({ text, frame: emulator.frame }),
    });
    return new HostedMachine(emulator, await emulator.ready, messages);
  }

  async frame(): Promise<number> {
    return new Promise((resolve) => {
      const stop = this.#emulator.onFrame((frame) => {
        stop();
        resolve(frame);
      });
    });
  }

  async pause(): Promise<void> {
    this.#emulator.pause();
  }

  async resume(): Promise<void> {
    this.#emulator.resume();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#emulator.close();
  }
}
