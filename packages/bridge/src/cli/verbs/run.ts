import type { RUN_FLAGS } from '../common-flags.js';
import type { VerbProgram } from '../verb.js';

export const run: VerbProgram<typeof RUN_FLAGS> = {
  async run() {
    throw new Error('being written');
  },
};
