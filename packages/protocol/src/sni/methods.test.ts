import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressSpace, DeviceCapability, DirEntryType, Field, MemoryMapping } from './generated/sni_pb.js';
import { SNI_SERVICES, type SniMethod } from './methods.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const methods: readonly SniMethod[] = Object.values(SNI_SERVICES).flatMap(
  (service) => Object.values(service) as unknown as SniMethod[],
);
const { ListDevices } = SNI_SERVICES.Devices;
const { MultiRead, MultiWrite, SingleRead, MappingDetect } = SNI_SERVICES.DeviceMemory;

describe('methods of SNI', () => {
  it('have the paths that SNI serves', () => {
    expect(methods.map(({ path, streaming }) => (streaming ? `${path} (stream)` : path))).toEqual([
      '/Devices/ListDevices',
      '/DeviceControl/ResetSystem',
      '/DeviceControl/ResetToMenu',
      '/DeviceControl/PauseUnpauseEmulation',
      '/DeviceControl/PauseToggleEmulation',
      '/DeviceMemory/MappingDetect',
      '/DeviceMemory/SingleRead',
      '/DeviceMemory/SingleWrite',
      '/DeviceMemory/MultiRead',
      '/DeviceMemory/MultiWrite',
      '/DeviceMemory/StreamRead (stream)',
      '/DeviceMemory/StreamWrite (stream)',
      '/DeviceFilesystem/ReadDirectory',
      '/DeviceFilesystem/MakeDirectory',
      '/DeviceFilesystem/RemoveFile',
      '/DeviceFilesystem/RenameFile',
      '/DeviceFilesystem/PutFile',
      '/DeviceFilesystem/GetFile',
      '/DeviceFilesystem/BootFile',
      '/DeviceInfo/FetchFields',
      '/DeviceNWA/NWACommand',
    ]);
  });

  it('have the numbers of the wire', () => {
    expect(AddressSpace).toEqual({ FxPakPro: 0, SnesABus: 1, Raw: 2 });
    expect(MemoryMapping).toEqual({ Unknown: 0, HiROM: 1, LoROM: 2, ExHiROM: 3, SA1: 4 });
    expect(DirEntryType).toEqual({ Directory: 0, File: 1 });
    expect(DeviceCapability).toMatchObject({
      ReadMemory: 1,
      WriteMemory: 2,
      FetchFields: 8,
      BootFile: 16,
      NWACommand: 20,
    });
    expect(Field).toMatchObject({ DeviceName: 0, CoreName: 20, RomFileName: 40, RomHashValue: 42 });
  });

  // Written by hand after the message tables: tag byte = number << 3 | wire type.
  it('puts a read on the wire as the tables say: the size is field 3', () => {
    const request = {
      uri: 'ra',
      request: { requestAddress: 0xf50010, requestAddressSpace: AddressSpace.Raw, size: 4, requestMemoryMapping: 2 },
    } as const;
    const wire = '0a02 7261 120b 08 90 80 d4 07 10 02 18 04 20 02'.replaceAll(' ', '');
    expect(hex(SingleRead.encodeRequest(request))).toBe(wire);
    expect(SingleRead.decodeRequest(bytes(wire))).toMatchObject(request);
  });

  it('puts a write on the wire: the data is field 3', () => {
    const request = { uri: 'ra', requests: [{ requestAddress: 1, data: bytes('aabb') }] };
    expect(hex(MultiWrite.encodeRequest(request))).toBe('0a0272611206' + '08011a02aabb');
  });

  it('takes the answer to a read: the data is field 5', () => {
    const answer = MultiRead.decodeResponse(bytes('0a02 7261 1206 0801 2a02 aabb'));
    expect(answer.responses[0]?.requestAddress).toBe(1);
    expect(answer.responses[0]?.data).toEqual(bytes('aabb'));
  });

  it('tells an absent fallback from an unknown one', () => {
    expect(hex(MappingDetect.encodeRequest({ uri: 'x' }))).toBe('0a0178');
    expect(hex(MappingDetect.encodeRequest({ uri: 'x', fallbackMemoryMapping: MemoryMapping.Unknown }))).toBe(
      '0a01781000',
    );
  });

  it('lists devices, capabilities packed or not', () => {
    const device = { uri: 'ra://h:1', displayName: 'RetroArch', kind: 'retroarch', capabilities: [1, 2] };
    const answer = ListDevices.decodeResponse(ListDevices.encodeResponse({ devices: [device] } as never));
    expect(answer.devices).toMatchObject([device]);
    expect(ListDevices.decodeResponse(bytes('0a04 2001 2002')).devices[0]?.capabilities).toEqual([1, 2]);
  });

  it('keeps fields it does not know out of the way', () => {
    expect(ListDevices.decodeResponse(bytes('9a06 03 616263')).devices).toEqual([]);
  });
});

describe('hostile messages', () => {
  it('are a coded error or a message, never anything else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...methods), fc.uint8Array({ maxLength: 200 }), (method, data) => {
        for (const decode of [method.decodeRequest, method.decodeResponse]) {
          try {
            expect(decode(data)).toBeTypeOf('object');
          } catch (error) {
            expect(error).toMatchObject({ code: 'protocol_malformed' });
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused when they end too early', () => {
    const whole = MultiRead.encodeResponse({ uri: 'ra', responses: [{ requestAddress: 1, data: new Uint8Array(64) }] });
    const cut = fc.integer({ min: 5, max: whole.length - 1 });
    fc.assert(
      fc.property(cut, (length) => {
        expect(() => MultiRead.decodeResponse(whole.subarray(0, length))).toThrowError(
          expect.objectContaining({ code: 'protocol_malformed' }),
        );
      }),
    );
  });
});
