/** A way to the memory of a running game. */
export type Way = 'descriptor' | 'view' | 'section' | 'process' | 'gdb' | 'mach';

/** How far a way was tried: in the real Dolphin, under Wine against a stand-in, or not at all. */
export type WayEvidence = 'ran' | 'ran-under-wine' | 'not-run';

export interface WayFacts {
  readonly way: Way;
  /** Whether the game has to be started by us, with the connection switched on. */
  readonly ownLaunch: boolean;
  readonly evidence: WayEvidence;
}

const GDB: WayFacts = { way: 'gdb', ownLaunch: true, evidence: 'ran' };

const WAYS: Readonly<Partial<Record<NodeJS.Platform, readonly WayFacts[]>>> = {
  linux: [
    { way: 'view', ownLaunch: false, evidence: 'ran' },
    { way: 'descriptor', ownLaunch: false, evidence: 'ran' },
    GDB,
  ],
  win32: [
    { way: 'section', ownLaunch: false, evidence: 'ran-under-wine' },
    { way: 'process', ownLaunch: false, evidence: 'ran-under-wine' },
  ],
  darwin: [
    { ...GDB, evidence: 'not-run' },
    { way: 'mach', ownLaunch: false, evidence: 'not-run' },
  ],
};

/** The ways to Dolphin's memory on a system, best first. Where nothing is known of a system, its debugger connection is left. */
export const waysFor = (platform: NodeJS.Platform): readonly WayFacts[] =>
  WAYS[platform] ?? [{ ...GDB, evidence: 'not-run' }];

/** Whether a game that we start should be started with its debugger connection on, as the best way to it. */
export const wantsGdb = (platform: NodeJS.Platform): boolean => waysFor(platform)[0]?.way === 'gdb';
