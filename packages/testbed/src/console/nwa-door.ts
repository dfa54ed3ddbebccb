import type { Socket } from 'node:net';
import { encodeNwaReply, NwaCommandDecoder, nwaError } from '@causeway/protocol/nwa';
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
/** Commands of one client that wait for a frame, from which on nothing more is read of it. */
const MAX_WAITING = 64;

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

/** Commands are answered in order, the last word too; who does not take answers is not listened to. */
const serve = (socket: Socket, console: SnesConsole, commands: NwaCommands): void => {
  const decoder = new NwaCommandDecoder();
  let waiting = 0;
  const throttle = (): void => {
    if (waiting >= MAX_WAITING || socket.writableNeedDrain) socket.pause();
    else socket.resume();
  };
  const inTurn = (work: () => void): void => {
    waiting++;
    const done = console.atPoll(() => {
      waiting--;
      if (socket.writable) work();
      throttle();
    });
    // Rejects only when the emulator ends, and this door with it.
    done.catch(() => {});
  };
  socket.on('drain', throttle);
  socket.on('data', (chunk) => {
    try {
      for (const command of decoder.push(chunk)) inTurn(() => socket.write(encodeNwaReply(commands.answer(command))));
    } catch (error) {
      socket.removeAllListeners('data').resume();
      const reason = error instanceof Error ? error.message : '';
      inTurn(() => socket.end(encodeNwaReply(nwaError('protocol_error', reason))));
    }
    throttle();
  });
};
