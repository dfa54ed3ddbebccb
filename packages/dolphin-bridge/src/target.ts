import { CausewayError } from '@causeway/protocol/errors';

/** Which Dolphin to open. */
export type Target =
  | { readonly kind: 'any' }
  | { readonly kind: 'pid'; readonly pid: number }
  /** Whichever runs this game, now and after a restart. */
  | { readonly kind: 'game'; readonly id: string }
  /** The one whose debugger listens at this path. */
  | { readonly kind: 'socket'; readonly path: string };

const TARGET = /^dolphin:\/\/(?:pid\/(?<pid>\d{1,10})|game\/(?<id>[0-9A-Za-z]{6})|socket(?<path>\/[^?#]+))$/;

/** Reads `dolphin://pid/PID`, `dolphin://game/GAMEID` or `dolphin://socket/PATH`; throws `usage` for anything else. */
export const parseTarget = (target: string | undefined): Target => {
  if (target === undefined) return { kind: 'any' };
  const { pid, id, path } = TARGET.exec(target)?.groups ?? {};
  if (pid !== undefined && Number(pid) > 0) return { kind: 'pid', pid: Number(pid) };
  if (id !== undefined) return { kind: 'game', id: id.toUpperCase() };
  if (path !== undefined) return { kind: 'socket', path };
  throw new CausewayError('usage', `"${target}" names no Dolphin. Give dolphin://pid/PID or dolphin://game/GAMEID.`, {
    context: { target },
  });
};

export const pidUri = (pid: number): string => `dolphin://pid/${pid}`;
