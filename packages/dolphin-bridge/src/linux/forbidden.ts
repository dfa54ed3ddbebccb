/** What closes a Dolphin to us on Linux, in words for players. Source: docs/specs/dolphin.md, section 3.2. */
import type { ProcTree } from './proc-tree.js';

export interface Obstacle {
  readonly message: string;
  readonly fix: string;
}

const ROOT = 0;

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** Effective user of a process. */
const userOf = (proc: ProcTree, pid: number): number | undefined => {
  const status = attempt(() => proc.text(`/proc/${pid}/status`)) ?? '';
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  return uid === undefined ? undefined : Number(uid);
};

const nameOf = (proc: ProcTree, uid: number): string => {
  const users = attempt(() => proc.text('/etc/passwd')) ?? '';
  const entry = users.split('\n').find((line) => line.split(':')[2] === String(uid));
  const name = entry?.split(':')[0];
  return name ? `${name} (uid ${uid})` : `uid ${uid}`;
};

/** Why the descriptors of a process that is named like Dolphin cannot be listed. */
export const whyForbidden = (proc: ProcTree, pid: number): Obstacle => {
  const user = userOf(proc, pid);
  // Of what is inside: the folder of the process itself stays its user's.
  const owner = attempt(() => proc.stat(`/proc/${pid}/fd`))?.uid;
  if (user !== undefined && user !== proc.uid) {
    return {
      message: `Dolphin (pid ${pid}) runs as user ${nameOf(proc, user)}.`,
      fix: 'Start Dolphin and this program as the same user.',
    };
  }
  if (owner === ROOT) {
    return {
      message: `Dolphin’s program file has extra capabilities, which locks other programs out of it (pid ${pid}).`,
      fix: 'Remove them with `setcap -r` on that file (`getcap` shows them) and start Dolphin again, or use another Dolphin build.',
    };
  }
  return {
    message: `Dolphin (pid ${pid}) is closed to this program.`,
    fix: 'Start Dolphin and this program as the same user, neither of them inside a sandbox of its own.',
  };
};

const MARKS: readonly { readonly path: string; readonly what: string }[] = [
  { path: '/.flatpak-info', what: 'a Flatpak sandbox' },
  { path: '/.dockerenv', what: 'a container' },
  { path: '/run/.containerenv', what: 'a container' },
];

/** Why a Dolphin outside could not be seen from here. */
export const whyBlind = (proc: ProcTree, env: Readonly<Record<string, string | undefined>>): Obstacle | undefined => {
  const mark = MARKS.find(({ path }) => attempt(() => proc.stat(path)));
  const what = mark?.what ?? (env['SNAP'] ? 'a Snap sandbox' : undefined);
  return what === undefined
    ? undefined
    : {
        message: `No Dolphin runs here; one outside of ${what} could not be seen from inside.`,
        fix: 'Start the game in Dolphin. If it runs already, run this program outside as well.',
      };
};
