import { CausewayError } from '@causeway/protocol/errors';
import type { DolphinExit } from './dolphin-process.js';

const SEGMENTATION_FAULT = 139;

const describeExit = ({ code, signal }: DolphinExit): string => {
  if (signal) return `was ended by ${signal}`;
  if (code === null) return 'could not be started';
  return code === SEGMENTATION_FAULT ? 'crashed' : `ended with code ${code}`;
};

/** What Dolphin's output tells about a start that failed, most telling first. */
const HINTS: readonly (readonly [pattern: RegExp, fix: string])[] = [
  [
    /could not connect to display|no Qt platform plugin|no X11 display|no platform found/i,
    'Dolphin found no display. Start it from a desktop, or start the nogui build headless.',
  ],
  [
    /error while loading shared libraries|cannot open shared object/i,
    'Dolphin lacks a library; its installation is broken. Install it again.',
  ],
  [/libfuse|FUSE/i, 'This AppImage needs FUSE. Install libfuse2, or use another Dolphin package.'],
  [
    /could not boot|failed to boot|could not (?:open|read)|not a valid/i,
    'Dolphin could not read the game. Check the file.',
  ],
  [/not installed|error: app\//i, 'Flatpak does not know Dolphin. Install org.DolphinEmu.dolphin-emu again.'],
];

const OTHERWISE = 'Start the game in Dolphin by hand once and see what it says, then try again.';

/** An error for a Dolphin that ended before its game ran, with the end of its output and advice that fits it. */
export const startFailure = (end: DolphinExit, output: string): CausewayError => {
  const fix = HINTS.find(([pattern]) => pattern.test(output))?.[1] ?? OTHERWISE;
  return new CausewayError('emulator_failed', `Dolphin ${describeExit(end)} before the game ran.`, {
    fix,
    context: { code: end.code, signal: end.signal, output: output.trim() },
  });
};
