import {
  AddressSpace,
  DeviceCapability,
  Field,
  MemoryMapping,
  SNI_SERVICES,
  type SniMethod,
} from '@causeway/protocol/sni';
import { Client, credentials, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { ConsoleOptions, RunningConsole } from './console-options.js';
import { startConsole } from './start-console.js';

const { Devices, DeviceControl, DeviceMemory, DeviceInfo, DeviceFilesystem, DeviceNWA } = SNI_SERVICES;
const RA = 'ra://127.0.0.1:55355';
const NWA = 'emunwa://127.0.0.1:48879';
const SIGNATURE = Uint8Array.from(Buffer.from('MARS'));

type Request<M> = M extends { encodeRequest(request: infer R): Uint8Array } ? R : never;
type Response<M> = M extends { decodeResponse(bytes: Uint8Array): infer R } ? R : never;
type AnyMethod = Pick<SniMethod, 'path'>;

class GrpcClient implements AsyncDisposable {
  readonly #client: Client;

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  call<M extends AnyMethod>(method: M, request: Request<M>): Promise<Response<M>> {
    const { path, encodeRequest, decodeResponse } = method as unknown as SniMethod;
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        (value: never) => Buffer.from(encodeRequest(value)),
        (bytes: Buffer) => decodeResponse(bytes) as Response<M>,
        request as never,
        (error, value) => (error ? reject(error) : resolve(value as Response<M>)),
      );
    });
  }

  /** Sends all requests at once and collects what comes back until the end. */
  stream<M extends AnyMethod>(method: M, requests: readonly Request<M>[]): Promise<readonly Response<M>[]> {
    const { path, encodeRequest, decodeResponse } = method as unknown as SniMethod;
    const call = this.#client.makeBidiStreamRequest(
      path,
      (value: never) => Buffer.from(encodeRequest(value)),
      (bytes: Buffer) => decodeResponse(bytes) as Response<M>,
    );
    const answers: Response<M>[] = [];
    return new Promise((resolve, reject) => {
      call.on('data', (answer: Response<M>) => answers.push(answer));
      call.on('end', () => resolve(answers));
      call.on('error', reject);
      for (const request of requests) call.write(request as never);
      call.end();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
  }
}

const withServer = async (
  options: ConsoleOptions,
  use: (client: GrpcClient, running: RunningConsole) => Promise<void>,
): Promise<void> => {
  await using running = await startConsole({ grpc: 0, fps: 2000, name: 'Marsh light', ...options });
  await using client = new GrpcClient(running.ports.grpc ?? 0);
  await use(client, running);
};

const at = (requestAddress: number, requestMemoryMapping: MemoryMapping = MemoryMapping.LoROM) => ({
  requestAddress,
  requestAddressSpace: AddressSpace.FxPakPro,
  requestMemoryMapping,
});

describe("SNI's gRPC services", () => {
  it('list the console with what it can do, and tell its fields', () =>
    withServer({}, async (client) => {
      const { devices } = await client.call(Devices.ListDevices, {});
      expect(devices).toMatchObject([{ uri: RA, kind: 'retroarch' }]);
      expect(devices[0]?.capabilities).toContain(DeviceCapability.ReadMemory);
      expect((await client.call(Devices.ListDevices, { kinds: ['fxpakpro'] })).devices).toEqual([]);
      const fields = [Field.DeviceStatus, Field.RomFileName, Field.RomHashType, Field.CorePlatform];
      const { values } = await client.call(DeviceInfo.FetchFields, { uri: RA, fields });
      expect(values).toEqual(['PLAYING', 'Marsh', 'crc32', '']);
    }));

  it('read and write in every address space, one range or many', () =>
    withServer({}, async (client) => {
      const requests = [
        { ...at(0x7fc0), size: 4 },
        { ...at(0x80_ffc0), requestAddressSpace: AddressSpace.SnesABus, size: 4 },
        { ...at(0x80_ffc0), requestAddressSpace: AddressSpace.Raw, size: 4 },
      ];
      const { responses } = await client.call(DeviceMemory.MultiRead, { uri: RA, requests });
      expect(responses.map(({ data }) => data)).toEqual(
        [SIGNATURE, SIGNATURE, SIGNATURE].map((each) => Buffer.from(each)),
      );
      const data = Uint8Array.of(1, 2);
      const written = await client.call(DeviceMemory.SingleWrite, { uri: RA, request: { ...at(0xf5_8000), data } });
      expect(written.response?.size).toBe(2);
      const streamed = await client.stream(
        DeviceMemory.StreamRead,
        [0xf5_8000, 0xf5_8001].map((address) => ({ uri: RA, requests: [{ ...at(address), size: 1 }] })),
      );
      expect(streamed.map(({ responses: [first] }) => first?.data[0])).toEqual([1, 2]);
    }));

  it('detect the mapping, by themselves or from a header', () =>
    withServer({ mapping: 'hirom' }, async (client, { console }) => {
      const own = await client.call(DeviceMemory.MappingDetect, { uri: RA });
      expect(own).toMatchObject({ memoryMapping: MemoryMapping.HiROM, confidence: true });
      const given = console.memory.rom.slice(0xffb0, 0x1_0000);
      given[0x25] = 0x20;
      const other = await client.call(DeviceMemory.MappingDetect, { uri: RA, romHeader00FFB0: given });
      expect(other.memoryMapping).toBe(MemoryMapping.LoROM);
    }));

  it('pause, reset, and pass on commands, as far as the emulator can', () =>
    withServer({ servedAs: 'nwa' }, async (client, { console }) => {
      await client.call(DeviceControl.PauseUnpauseEmulation, { uri: NWA, paused: true });
      expect(console.paused).toBe(true);
      await client.call(DeviceControl.ResetSystem, { uri: NWA });
      const told = await client.call(DeviceNWA.NWACommand, { uri: NWA, command: 'EMULATION_STATUS' });
      expect(told.asciiReply[0]?.item).toEqual({ state: 'paused', game: 'Marsh light' });
      const read = { uri: NWA, command: 'CORE_READ', args: 'WRAM;0;4' };
      expect((await client.call(DeviceNWA.NWACommand, read)).binaryReplay).toBeUndefined();
      await expect(client.call(DeviceControl.PauseToggleEmulation, { uri: NWA })).rejects.toMatchObject({
        code: status.UNIMPLEMENTED,
      });
    }));

  it.each([
    ['no URI', 'nothing', 0x7fc0, MemoryMapping.LoROM, status.INVALID_ARGUMENT],
    ['another device', 'ra://127.0.0.1:1', 0x7fc0, MemoryMapping.LoROM, status.UNKNOWN],
    ['no mapping', RA, 0x7fc0, MemoryMapping.Unknown, status.UNKNOWN],
    ['nothing mapped', RA, 0xf7_0000, MemoryMapping.LoROM, status.UNKNOWN],
  ])('refuse: %s', (_, uri, address, mapping, code) =>
    withServer({}, async (client) => {
      const reading = client.call(DeviceMemory.SingleRead, { uri, request: { ...at(address, mapping), size: 4 } });
      await expect(reading).rejects.toMatchObject({ code });
    }),
  );

  it('have no files, write no ROM, and lose an emulator that ends', () =>
    withServer({}, async (client, running) => {
      const refused = (code: status) => expect.objectContaining({ code });
      await expect(client.call(DeviceFilesystem.ReadDirectory, { uri: RA, path: '/' })).rejects.toEqual(
        refused(status.UNIMPLEMENTED),
      );
      const write = { uri: RA, request: { ...at(0), data: Uint8Array.of(1) } };
      await expect(client.call(DeviceMemory.SingleWrite, write)).rejects.toEqual(refused(status.UNKNOWN));
      await running.kill();
      expect((await client.call(Devices.ListDevices, {})).devices).toEqual([]);
      const read = { uri: RA, request: { ...at(0x7fc0), size: 4 } };
      await expect(client.call(DeviceMemory.SingleRead, read)).rejects.toEqual(refused(status.UNKNOWN));
      await running.restart();
      expect((await client.call(DeviceMemory.SingleRead, read)).response?.data).toEqual(Buffer.from(SIGNATURE));
    }));
});

describe("faults of SNI's gRPC services", () => {
  const read = { uri: RA, request: { ...at(0x7fc0), size: 4 } };

  it('fail calls for no reason, some of them after they did what was asked', () =>
    withServer({ faults: ['grpc-unknown-errors'], fps: 'max' }, async (client, { console }) => {
      const outcomes = new Set<string>();
      for (let n = 1; n <= 200; n++) {
        const request = { ...at(0xf5_8000), data: Uint8Array.of(n) };
        const outcome = await client.call(DeviceMemory.SingleWrite, { uri: RA, request }).then(
          () => 'done',
          ({ code }: { readonly code: status }) => (code === status.UNKNOWN ? 'failed' : 'other'),
        );
        outcomes.add(`${outcome}, ${console.memory.wram[0x8000] === n ? 'written' : 'not written'}`);
      }
      expect([...outcomes].sort()).toEqual(['done, written', 'failed, not written', 'failed, written']);
    }));

  it('say nothing about a console that was restarted, until the fault is gone', async () => {
    const slept: number[] = [];
    const clock = {
      now: () => Date.now(),
      after: () => () => {},
      sleep: async (ms: number) => {
        slept.push(ms);
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
    await withServer({ faults: ['grpc-deaf-after-restart'], clock, fps: 'max' }, async (client, running) => {
      expect((await client.call(DeviceMemory.SingleRead, read)).response?.data).toHaveLength(4);
      await running.restart();
      await expect(client.call(DeviceMemory.SingleRead, read)).rejects.toMatchObject({ code: status.UNKNOWN });
      expect(slept).toContain(5000);
      expect((await client.call(Devices.ListDevices, {})).devices).toHaveLength(1);
      running.faults.set('grpc-deaf-after-restart', false);
      expect((await client.call(DeviceMemory.SingleRead, read)).response?.data).toHaveLength(4);
    });
  });
});
