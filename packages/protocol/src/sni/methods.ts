import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { CausewayError } from '../errors/causeway-error.js';
import { DeviceControl, DeviceFilesystem, DeviceInfo, DeviceMemory, DeviceNWA, Devices } from './generated/sni_pb.js';

/**
 * One method of SNI: where to call it and how its messages travel. Serves both sides.
 *
 * Decoders throw `protocol_malformed`.
 */
export interface SniMethod<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> {
  /** HTTP/2 path: `/DeviceMemory/MultiRead`. */
  readonly path: string;
  /** Whether both sides send any number of messages. All other methods are unary. */
  readonly streaming: boolean;
  encodeRequest(request: MessageInitShape<I>): Uint8Array;
  decodeRequest(bytes: Uint8Array): MessageShape<I>;
  encodeResponse(response: MessageInitShape<O>): Uint8Array;
  decodeResponse(bytes: Uint8Array): MessageShape<O>;
}

const decode = <D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> => {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    throw new CausewayError('protocol_malformed', `This is no ${schema.typeName} of SNI.`, {
      cause,
      context: { message: schema.typeName, bytes: bytes.length },
    });
  }
};

const methodOf = <I extends DescMessage, O extends DescMessage>(
  described: DescMethod & { readonly input: I; readonly output: O },
): SniMethod<I, O> => {
  const { input, output } = described;
  return {
    path: `/${described.parent.typeName}/${described.name}`,
    streaming: described.methodKind === 'bidi_streaming',
    encodeRequest: (request) => toBinary(input, create(input, request)),
    decodeRequest: (bytes) => decode(input, bytes),
    encodeResponse: (response) => toBinary(output, create(output, response)),
    decodeResponse: (bytes) => decode(output, bytes),
  };
};

/** Every method, by service. Source: `docs/specs/sni.md`, section 2. */
export const SNI_SERVICES = {
  Devices: { ListDevices: methodOf(Devices.method.listDevices) },
  DeviceControl: {
    ResetSystem: methodOf(DeviceControl.method.resetSystem),
    ResetToMenu: methodOf(DeviceControl.method.resetToMenu),
    PauseUnpauseEmulation: methodOf(DeviceControl.method.pauseUnpauseEmulation),
    PauseToggleEmulation: methodOf(DeviceControl.method.pauseToggleEmulation),
  },
  DeviceMemory: {
    MappingDetect: methodOf(DeviceMemory.method.mappingDetect),
    SingleRead: methodOf(DeviceMemory.method.singleRead),
    SingleWrite: methodOf(DeviceMemory.method.singleWrite),
    MultiRead: methodOf(DeviceMemory.method.multiRead),
    MultiWrite: methodOf(DeviceMemory.method.multiWrite),
    StreamRead: methodOf(DeviceMemory.method.streamRead),
    StreamWrite: methodOf(DeviceMemory.method.streamWrite),
  },
  DeviceFilesystem: {
    ReadDirectory: methodOf(DeviceFilesystem.method.readDirectory),
    MakeDirectory: methodOf(DeviceFilesystem.method.makeDirectory),
    RemoveFile: methodOf(DeviceFilesystem.method.removeFile),
    RenameFile: methodOf(DeviceFilesystem.method.renameFile),
    PutFile: methodOf(DeviceFilesystem.method.putFile),
    GetFile: methodOf(DeviceFilesystem.method.getFile),
    BootFile: methodOf(DeviceFilesystem.method.bootFile),
  },
  DeviceInfo: { FetchFields: methodOf(DeviceInfo.method.fetchFields) },
  DeviceNWA: { NWACommand: methodOf(DeviceNWA.method.nWACommand) },
} as const;
