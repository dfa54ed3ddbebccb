import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type Clock, systemClock } from '@causeway/bridge';
import { Usb2SnesConnection } from '../usb2snes/usb2snes-connection.js';
import { wsMessageSocket } from '../usb2snes/ws-message-socket.js';

/** A server on this machine answers at once. */
const PATIENCE_MS = 500;

/** Asks what listens there, as any client would. */
const askVersion = async (host: string, port: number, clock: Clock): Promise<string | undefined> => {
  const signal = new AbortController();
  const connection = new Usb2SnesConnection({
    host,
    port,
    clock,
    socketFactory: wsMessageSocket,
    window: 1,
    closeGraceMs: 0,
  });
  const cancel = clock.after(PATIENCE_MS, () => {
    signal.abort();
    void connection.close();
  });
  try {
    await connection.opened;
    const [version] = await connection.ask('AppVersion', [], signal.signal);
    return version;
  } catch {
    return undefined;
  } finally {
    cancel();
    await connection.close();
  }
};

const LISTENING = '0A';

/** Inodes of the sockets that listen on a port, from Linux's own table. */
const listeningInodes = (port: number): readonly string[] => {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    return rows.flatMap((row) => {
      const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
      return state === LISTENING && local.endsWith(`:${hexPort}`) ? [inode] : [];
    });
  });
};

const holds = (pid: string, links: ReadonlySet<string>): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return links.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    // Another user's process keeps its files to itself.
    return false;
  }
};

const processOnPort = (port: number): string | undefined => {
  try {
    const links = new Set(listeningInodes(port).map((inode) => `socket:[${inode}]`));
    if (links.size === 0) return undefined;
    const pid = readdirSync('/proc').find((entry) => /^\d+$/.test(entry) && holds(entry, links));
    return pid === undefined ? undefined : `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
  } catch {
    // Not Linux.
    return undefined;
  }
};

/** Who holds a port, where it can be known: by what it says of itself, or by the system's tables. */
export const portHolder = async (
  host: string,
  port: number,
  clock: Clock = systemClock,
): Promise<string | undefined> => {
  const version = await askVersion(host, port, clock);
  const program = processOnPort(port);
  if (version === undefined) return program;
  return program === undefined ? version : `${version}, ${program}`;
};
