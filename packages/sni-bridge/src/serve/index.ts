export type { DeviceSource } from './device-source.js';
export { type ServeUsb2SnesOptions, serveUsb2Snes, type Usb2SnesServer } from './serve-usb2snes.js';
