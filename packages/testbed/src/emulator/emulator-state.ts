import { deserialize, serialize } from 'node:v8';
import { CausewayError } from '@causeway/protocol/errors';

/** A saved moment: the machine's own state and the frame it was taken in. */
export interface EmulatorState {
  readonly frame: number;
  readonly machine: Uint8Array;
}

const FORMAT = 'causeway-state-1';

export const encodeState = (state: EmulatorState): Uint8Array => serialize({ format: FORMAT, ...state });

/** @throws `file_unreadable` for anything {@link encodeState} did not make */
export const decodeState = (bytes: Uint8Array): EmulatorState => {
  try {
    const state = deserialize(bytes) as EmulatorState & { readonly format?: unknown };
    if (state.format === FORMAT) return state;
  } catch {
    // Falls through to the one message for all that is no state.
  }
  throw new CausewayError('file_unreadable', 'these bytes are no save state');
};
