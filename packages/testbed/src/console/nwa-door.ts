import type { Door } from './door.js';
import type { FaultSwitches } from './faults.js';
import { NwaClient } from './nwa-client.js';
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
    new NwaClient(socket, console, commands);
  });
};
