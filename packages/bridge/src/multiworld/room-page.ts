import { isJsonObject, isPrivateHost, parsePythonJson, type ServerAddress } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';

/** The part of the platform's `fetch` that is needed. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A room on a web host: a page for people, and an interface that says where the room runs. */
export interface RoomPage {
  /** For people; asking for it wakes the room. */
  readonly url: string;
  /** Says where the room runs; never wakes it. */
  readonly statusUrl: string;
}

/** What the web host says of a room. */
export interface RoomWhereabouts {
  /** Port of the last start; 0 never started, -1 the server failed. */
  readonly port: number;
  /** Nobody did anything for so long that the host has stopped it. */
  readonly asleep: boolean;
}

/** A status is under 100 kB in the largest rooms. */
const MAX_BYTES = 1024 * 1024;
const PAGE = /^(.*)\/room\/([\w-]{1,64})\/?$/;

/**
 * @param page `https://HOST/room/ID`
 * @throws {CausewayError} `server_address_invalid`
 */
export const parseRoomPage = (page: string | URL): RoomPage => {
  const url = URL.canParse(String(page)) ? new URL(page) : undefined;
  const [, base, id] = PAGE.exec(url?.pathname ?? '') ?? [];
  if (!url || !/^https?:$/.test(url.protocol) || base === undefined || id === undefined) {
    throw new CausewayError('server_address_invalid', 'not the page of a room: expected https://HOST/room/ID');
  }
  return pageOf(`${url.origin}${base}`, id);
};

const pageOf = (base: string, id: string): RoomPage => ({
  url: `${base}/room/${id}`,
  statusUrl: `${base}/api/room_status/${id}`,
});

/**
 * The page that a link names. Links carry only the room's id; the game server of the public site runs on the site's host
 * (`web-host.md` §1), so that is asked unless another web host is given. A private host is never guessed at.
 */
export const linkedRoomPage = (
  { host, room }: ServerAddress,
  webHost: string | URL | undefined,
): RoomPage | undefined => {
  if (room === undefined) return undefined;
  if (room.includes('/')) return parseRoomPage(room);
  if (webHost !== undefined) return parseRoomPage(`${String(webHost).replace(/\/+$/, '')}/room/${room}`);
  return isPrivateHost(host) || host.includes(':') ? undefined : parseRoomPage(`https://${host}/room/${room}`);
};

/** Idle seconds after which a web host stops a room, where it does not say. */
const USUAL_TIMEOUT_S = 7_200;

/** Reads an answer of the web host. Its clock is compared with its own words, since ours may be wrong. */
const readStatus = (text: string, hostTime: string | null, nowMs: number): RoomWhereabouts => {
  const status = parsePythonJson(text);
  const port = isJsonObject(status) ? status['last_port'] : undefined;
  if (!isJsonObject(status) || typeof port !== 'number' || !Number.isInteger(port) || port < -1 || port > 65_535) {
    throw new Error('the web host does not say where the room is');
  }
  const { last_activity: activity, timeout } = status;
  const timeoutMs = 1000 * (typeof timeout === 'number' && timeout > 0 ? timeout : USUAL_TIMEOUT_S);
  const now = Date.parse(hostTime ?? '') || nowMs;
  const idleMs = now - Date.parse(typeof activity === 'string' ? activity : '');
  return { port, asleep: port <= 0 || idleMs > timeoutMs };
};

/** @param nowMs our own time, where the host does not tell its own */
export const askWhereabouts = async (
  page: RoomPage,
  fetch: Fetch,
  nowMs: number,
  signal: AbortSignal,
): Promise<RoomWhereabouts> => {
  const response = await fetch(page.statusUrl, { signal, headers: { accept: 'application/json' } });
  const text = await readText(response);
  if (!response.ok) throw new Error(`the web host answers ${response.status}`);
  return readStatus(text, response.headers.get('date'), nowMs);
};

/** Opens the page, as a person would: that is what wakes a room. */
export const wakeRoom = async (page: RoomPage, fetch: Fetch, signal: AbortSignal): Promise<void> => {
  const response = await fetch(page.url, { signal, headers: { accept: 'text/html' } });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the web host answers ${response.status}`);
};

const readText = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error('the web host answers too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
