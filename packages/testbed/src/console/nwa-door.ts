import type { Socket } from 'node:net';
import { encodeNwaReply, type NwaCommand, NwaCommandDecoder, nwaError } from '@causeway/protocol/nwa';
import type { Door } from './door.js';
import type { FaultSwitches } from './faults.js';
import { NwaCommands } from './nwa-commands.js';
import type { SnesConsole } from './snes-console.js';
import { listenTcp } from './tcp-listener.js';

export interface NwaDoorOptions {
  /** TCP; 0 takes a free one. */
  readonly port: number;
  readonly console: SnesConsole;
  readonly faults: FaultSwitches;
}

/** As many as the reference server has room for; it hangs up on more. */
const MAX_CLIENTS = 5;

/** Emulator NetworkAccess: commands are carried out before the next frame, in order. @throws `port_in_use` */
export const openNwaDoor = async ({ port, console, faults }: NwaDoorOptions): Promise<Door> => {
  const commands = new NwaCommands(console, faults);
  let clients = 0;
  return listenTcp(port, (socket) => {
    if (clients >= MAX_CLIENTS) {
      socket.destroy();
      return;
    }
    clients++;
    socket.on('close', () => clients--);
    serve(socket, console, commands);
  });
};

const serve = (socket: Socket, console: SnesConsole, commands: NwaCommands): void => {
  const decoder = new NwaCommandDecoder();
  const obey = (command: NwaCommand): void => {
    const answered = console.atPoll(() => {
      if (!socket.destroyed) socket.write(encodeNwaReply(commands.answer(command)));
    });
    // Rejects only when the emulator ends, and this door with it.
    answered.catch(() => {});
  };
  socket.on('data', (chunk) => {
    try {
      for (const command of decoder.push(chunk)) obey(command);
    } catch (error) {
      socket.end(encodeNwaReply(nwaError('protocol_error', error instanceof Error ? error.message : '')));
    }
  });
};
