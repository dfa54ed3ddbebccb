import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from '../access/arena-access.js';
import { isRefusal, type SectionView, type WindowsApi } from './windows-api.js';

/** Longest write that goes word by word: beyond it nobody expects more than bytes. */
const WORDWISE_SIZE = 256;

export const sectionName = (pid: number): string => `dolphin-emu.${pid}`;

/** Whether that Dolphin still holds its memory under its name. */
export const sectionExists = (api: WindowsApi, pid: number): boolean => {
  const section = api.openSection(sectionName(pid));
  if (isRefusal(section)) return false;
  api.close(section);
  return true;
};

const gone = (): CausewayError =>
  new CausewayError('device_lost', 'The game’s memory is gone.', { fix: 'Start the game in Dolphin again.' });

/**
 * Dolphin's memory mapped by the name it has for outside programs, `dolphin-emu.<pid>` (docs/specs/dolphin.md, 2.2 and 4.6).
 *
 * Only the view is kept. Had we kept the section open, its name would live on after the game, and we would never notice its end.
 */
export class SectionAccess implements ArenaAccess {
  readonly way = 'section';
  readonly wholeWords = true;
  readonly size: number;
  readonly #api: WindowsApi;
  readonly #pid: number;
  #view: SectionView | undefined;
  #bytes: Uint8Array;
  #words: Int32Array;

  /** @param view of the whole section; closed by this */
  constructor(api: WindowsApi, pid: number, view: SectionView) {
    this.#api = api;
    this.#pid = pid;
    this.#view = view;
    this.#bytes = new Uint8Array(view.buffer);
    this.#words = new Int32Array(view.buffer, 0, view.buffer.byteLength >>> 2);
    this.size = view.buffer.byteLength;
  }

  read(offset: number, target: Uint8Array): void {
    target.set(this.#open(offset, target.length).subarray(offset, offset + target.length));
  }

  /** Word by word where they are aligned: the game never sees half of one. */
  write(offset: number, data: Uint8Array): void {
    const bytes = this.#open(offset, data.length);
    if (data.length > WORDWISE_SIZE) {
      bytes.set(data, offset);
      return;
    }
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (let done = 0; done < data.length; ) {
      const at = offset + done;
      const whole = at % 4 === 0 && data.length - done >= 4;
      // Windows runs on machines that store words this way round: bytes keep their order.
      if (whole) this.#words[at >>> 2] = view.getInt32(done, true);
      else bytes[at] = view.getUint8(done);
      done += whole ? 4 : 1;
    }
  }

  alive(): boolean {
    return this.#view !== undefined && sectionExists(this.#api, this.#pid);
  }

  close(): void {
    const view = this.#view;
    this.#view = undefined;
    this.#bytes = new Uint8Array(0);
    this.#words = new Int32Array(0);
    view?.unmap();
  }

  #open(offset: number, size: number): Uint8Array {
    if (this.#view && offset >= 0 && offset + size <= this.#bytes.length) return this.#bytes;
    throw gone();
  }
}
