import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Stay up after the goal, until Ctrl+C. */
  readonly keep: boolean;
  /** Frames a second; a NES makes 60. */
  readonly fps: number;
}

export const USAGE = `npm run demo [-- options]

  --keep      stay up after the goal, to look around with causeway-bizhawk in another terminal
  --fps N     frames a second, 30 to 1000 (default 300; a real NES makes 60)
`;

/** Throws an error with a sentence for people. */
export const readDemoOptions = (argv: readonly string[]): DemoOptions | 'help' => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      keep: { type: 'boolean', default: false },
      fps: { type: 'string', default: '300' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const fps = Number(values.fps);
  if (!Number.isInteger(fps) || fps < 30 || fps > 1000) throw new Error('--fps takes a whole number from 30 to 1000.');
  return { keep: values.keep, fps };
};
