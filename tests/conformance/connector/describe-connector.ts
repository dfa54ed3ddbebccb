import { describe, it } from 'vitest';
import type { OpenConnector } from './connector-under-test.js';
import { DIFFERENCES } from './differences.js';
import { itKeepsItsExtensions } from './extensions.js';
import { itWithstandsHostilePeers } from './hostile.js';
import { recordings } from './recording.js';
import { playRecording } from './replay.js';

/** Everything a connector of ours must do, wherever it runs: as recorded, against hostile peers, and its own additions. */
export const describeConnector = (
  name: string,
  open: OpenConnector,
  options: { readonly skip?: boolean } = {},
): void => {
  describe.skipIf(options.skip ?? false)(name, () => {
    describe('answers as the reference did', () => {
      for (const recording of recordings) {
        it(`${recording.case}: ${recording.title}`, async () => {
          await using connector = await open();
          await playRecording(recording, connector, DIFFERENCES);
        });
      }
    });
    describe('with hostile peers', () => itWithstandsHostilePeers(open));
    describe('with our own bridge', () => itKeepsItsExtensions(open));
  });
};
