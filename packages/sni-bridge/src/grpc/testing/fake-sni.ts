import {
  Field,
  type FieldsRequest,
  type MultiReadMemoryRequest,
  type MultiWriteMemoryRequest,
  SNI_SERVICES,
  type SniDevice,
  type SniMethod,
} from '@causeway/protocol/sni';
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

/** How a call ends that does not succeed. */
export class Refusal extends Error {
  readonly code: status;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
  }
}

export const unknown = (details: string): Refusal => new Refusal(status.UNKNOWN, details);

type Handler = (request: never) => unknown;

/** Makes what answers a method out of what it does. */
const served = (
  method: SniMethod,
  handle: Handler,
): { definition: ServiceDefinition; name: string; handle: Handler } => {
  const name = method.path.split('/').at(-1) ?? '';
  const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
  return {
    name,
    handle,
    definition: {
      [name]: {
        path: method.path,
        requestStream: false,
        responseStream: false,
        requestSerialize: (value: unknown) => asBuffer(method.encodeRequest(value as never)),
        requestDeserialize: (bytes: Buffer) => method.decodeRequest(bytes),
        responseSerialize: (value: unknown) =>
          value instanceof Uint8Array ? asBuffer(value) : asBuffer(method.encodeResponse(value as never)),
        responseDeserialize: (bytes: Buffer) => method.decodeResponse(bytes),
      },
    },
  };
};

export const RA = 'ra://127.0.0.1:55355';

/** A device as SNI lists a RetroArch. */
export const retroarchDevice = (uri = RA): Partial<SniDevice> => ({
  uri,
  displayName: 'RetroArch',
  kind: 'retroarch',
  capabilities: [1, 2, 4, 6, 8],
});

/** A small working SNI on a free port, with the memory of one console in the FX Pak Pro's view. */
export class FakeSni {
  devices: Partial<SniDevice>[] = [retroarchDevice()];
  readonly memory = new Uint8Array(0x100_0000);
  fields: Partial<Record<Field, string>> = { [Field.DeviceStatus]: 'PLAYING', [Field.RomHashValue]: '1234abcd' };
  /** Names and details of every call, in order. */
  readonly calls: { readonly name: string; readonly request: unknown }[] = [];
  /** Called before each answer: may throw a refusal, or give bytes or a message in its place. */
  meddle: (name: string, request: unknown) => unknown = () => undefined;
  readonly #server = new Server();

  async start(): Promise<number> {
    const { Devices, DeviceControl, DeviceMemory, DeviceInfo } = SNI_SERVICES;
    for (const { name, handle, definition } of [
      served(Devices.ListDevices as never, () => ({ devices: this.devices })),
      served(DeviceControl.PauseUnpauseEmulation as never, (request) => request),
      served(DeviceMemory.MultiRead as never, (request) => this.#read(request)),
      served(DeviceMemory.MultiWrite as never, (request) => this.#write(request)),
      served(DeviceInfo.FetchFields as never, (request) => this.#fetch(request)),
    ]) {
      const unary: handleUnaryCall<never, unknown> = (call, done) => {
        this.#answer(name, call.request, handle).then(
          (value) => done(null, value),
          (error: Refusal) => done({ code: error.code ?? status.INTERNAL, details: error.message }),
        );
      };
      this.#server.addService(definition, { [name]: unary } as UntypedServiceImplementation);
    }
    return new Promise((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  async #answer(name: string, request: never, handle: Handler): Promise<unknown> {
    this.calls.push({ name, request });
    return (await this.meddle(name, request)) ?? handle(request);
  }

  #read({ uri, requests }: MultiReadMemoryRequest) {
    this.#check(uri);
    return {
      uri,
      responses: requests.map(({ requestAddress, size }) => ({
        requestAddress,
        data: this.memory.slice(requestAddress, requestAddress + size),
      })),
    };
  }

  #write({ uri, requests }: MultiWriteMemoryRequest) {
    this.#check(uri);
    return {
      uri,
      responses: requests.map(({ requestAddress, data }) => {
        this.memory.set(data, requestAddress);
        return { requestAddress, size: data.length };
      }),
    };
  }

  #fetch({ uri, fields }: FieldsRequest) {
    this.#check(uri);
    return { uri, fields, values: fields.map((field) => this.fields[field] ?? '') };
  }

  #check(uri: string): void {
    if (!this.devices.some((device) => device.uri === uri)) throw unknown(`no such device ${uri}`);
  }
}
