import { createNwaDriver, createSniGrpcDriver, createUsb2SnesDriver } from '@causeway/sni-bridge';
import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import { describeDeliveryFaults } from '../delivery/delivery-faults.js';
import { DATAGRAM_FAULTS, DatagramProxy } from '../delivery-snes/datagram-proxy.js';
import { marshlight } from '../delivery-snes/marshlight.js';
import { WebSocketProxy } from '../delivery-snes/websocket-proxy.js';
import { virtualConsole } from './virtual-console.js';

const game = marshlight('lorom');

describeDeliveryFaults({
  emulator: 'virtual console, RetroArch',
  game,
  createDriver: createRetroArchDriver,
  start: virtualConsole('retroarch'),
  link: (console) => DatagramProxy.to(console),
  linkFaults: DATAGRAM_FAULTS,
});

describeDeliveryFaults({
  emulator: 'virtual console, usb2snes',
  game,
  createDriver: createUsb2SnesDriver,
  start: virtualConsole('usb2snes'),
  link: (console) => WebSocketProxy.to(console),
});

describeDeliveryFaults({
  emulator: 'virtual console, gRPC',
  game,
  createDriver: createSniGrpcDriver,
  start: virtualConsole('grpc'),
});

describeDeliveryFaults({
  emulator: 'virtual console, NWA',
  game,
  createDriver: createNwaDriver,
  start: virtualConsole('nwa'),
});
