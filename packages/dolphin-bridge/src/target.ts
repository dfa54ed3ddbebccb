import { CausewayError } from '@causeway/protocol/errors';
import type { DolphinArena } from './access/dolphin-source.js';
import { type GdbEndpoint, parseGdbUri } from './gdb/gdb-endpoint.js';

/** Which Dolphin to open. */
export type Target =
  | { readonly kind: 'any' }
  | { readonly kind: 'pid'; readonly pid: number }
  /** Whichever runs this game, now and after a restart. */
  | { readonly kind: 'game'; readonly id: string }
  /** The one whose debugger listens there. */
  | { readonly kind: 'debugger'; readonly endpoint: GdbEndpoint };

const TARGET = /^dolphin:\/\/(?:pid\/(?<pid>\d{1,10})|game\/(?<id>[0-9A-Za-z]{6}))$/;

/**
 * Reads `dolphin://pid/PID`, `dolphin://game/GAMEID`, `dolphin://socket/PATH` or `dolphin://tcp/127.0.0.1:PORT`; throws `usage` for
 * anything else.
 */
export const parseTarget = (target: string | undefined): Target => {
  if (target === undefined) return { kind: 'any' };
  const { pid, id } = TARGET.exec(target)?.groups ?? {};
  if (pid !== undefined && Number(pid) > 0) return { kind: 'pid', pid: Number(pid) };
  if (id !== undefined) return { kind: 'game', id: id.toUpperCase() };
  const endpoint = URL.canParse(target) ? parseGdbUri(new URL(target)) : undefined;
  if (endpoint) return { kind: 'debugger', endpoint };
  throw new CausewayError('usage', `"${target}" names no Dolphin. Give dolphin://pid/PID or dolphin://game/GAMEID.`, {
    context: { target },
  });
};

export const pidUri = (pid: number): string => `dolphin://pid/${pid}`;

export const uriOf = ({ uri, pid }: Pick<DolphinArena, 'uri' | 'pid'>): string => uri ?? pidUri(pid);
