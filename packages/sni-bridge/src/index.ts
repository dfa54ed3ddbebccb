// `createSniDriver` is every way to a console at once, the others are one way each. RetroArch's is in
// `@causeway/sni-bridge/retroarch`, because it serves other systems, too.

export type { Endpoint } from './endpoint.js';
export { createSniGrpcDriver } from './grpc/sni-grpc-driver.js';
export type { SniGrpcOptions, SniGrpcTimes } from './grpc/sni-options.js';
export { createNwaDriver } from './nwa/nwa-driver.js';
export type { NwaOptions, NwaTimes } from './nwa/nwa-options.js';
export { createSniDriver, type SniDriverOptions } from './sni-driver.js';
export { createUsb2SnesDriver } from './usb2snes/usb2snes-driver.js';
export type { Usb2SnesOptions, Usb2SnesTimes } from './usb2snes/usb2snes-options.js';
