import type { ArenaAccess } from '../access/arena-access.js';
import { MappedBytes } from '../access/mapped-bytes.js';
import { memoryGone } from '../access/memory-gone.js';
import { isRefusal, type SectionView, type WindowsApi } from './windows-api.js';

export const sectionName = (pid: number): string => `dolphin-emu.${pid}`;

/** Whether that Dolphin still holds its memory under its name. */
const sectionExists = (api: WindowsApi, pid: number): boolean => {
  const section = api.openSection(sectionName(pid));
  if (isRefusal(section)) return false;
  api.close(section);
  return true;
};

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
  #bytes: MappedBytes | undefined;

  /** @param view of the whole section; closed by this */
  constructor(api: WindowsApi, pid: number, view: SectionView) {
    this.#api = api;
    this.#pid = pid;
    this.#view = view;
    this.#bytes = new MappedBytes(view.buffer);
    this.size = this.#bytes.size;
  }

  read(offset: number, target: Uint8Array): void {
    if (!this.#bytes) throw memoryGone();
    this.#bytes.read(offset, target);
  }

  write(offset: number, data: Uint8Array): void {
    if (!this.#bytes) throw memoryGone();
    this.#bytes.write(offset, data);
  }

  alive(): boolean {
    return this.#view !== undefined && sectionExists(this.#api, this.#pid);
  }

  close(): void {
    const view = this.#view;
    this.#view = undefined;
    this.#bytes = undefined;
    view?.unmap();
  }
}
