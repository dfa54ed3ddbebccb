import type { Handle, MappedRegion, Refusal, SectionView, WindowsApi, WindowsProcess } from '../windows-api.js';

export interface FakeRegion {
  readonly base: bigint;
  readonly bytes: Uint8Array;
}

interface FakeProcess extends WindowsProcess {
  /** Memory under the process's name, as Dolphin shares it. */
  section?: Uint8Array | 'denied';
  regions?: readonly FakeRegion[] | 'denied';
}

interface Open {
  readonly what: 'section' | 'process';
  readonly process: FakeProcess;
}

const NOT_FOUND = 2;
const DENIED = 5;

/** Windows with the processes it is told to have. Counts what is open. */
export class FakeWindows implements WindowsApi {
  readonly open = new Set<Handle>();
  views = 0;
  mappable = true;
  readonly #processes: FakeProcess[];

  constructor(...processes: FakeProcess[]) {
    this.#processes = processes;
  }

  processes(): readonly WindowsProcess[] {
    return this.#processes;
  }

  openSection(name: string): Handle | Refusal {
    const process = this.#processes.find(({ pid }) => name === `dolphin-emu.${pid}`);
    if (process?.section === 'denied') return { error: DENIED };
    return process?.section ? this.#handle({ what: 'section', process }) : { error: NOT_FOUND };
  }

  mapSection(handle: Handle): SectionView | undefined {
    const { section } = this.#opened(handle, 'section');
    if (!this.mappable || !(section instanceof Uint8Array)) return undefined;
    this.views++;
    return {
      buffer: section.buffer as ArrayBuffer,
      unmap: () => {
        this.views--;
      },
    };
  }

  openProcess(pid: number): Handle | Refusal {
    const process = this.#processes.find((each) => each.pid === pid);
    if (!process) return { error: 87 };
    return process.regions === 'denied' ? { error: DENIED } : this.#handle({ what: 'process', process });
  }

  mappedRegions(handle: Handle): readonly MappedRegion[] {
    return this.#regions(handle).map(({ base, bytes }) => ({ base, size: bytes.length }));
  }

  readProcess(handle: Handle, base: bigint, target: Uint8Array): boolean {
    const place = this.#place(handle, base, target.length);
    if (place) target.set(place);
    return place !== undefined;
  }

  writeProcess(handle: Handle, base: bigint, data: Uint8Array): boolean {
    const place = this.#place(handle, base, data.length);
    place?.set(data);
    return place !== undefined;
  }

  close(handle: Handle): void {
    if (!this.open.delete(handle)) throw new Error('closed twice');
  }

  /** The process is no more. */
  end(pid: number): void {
    this.#processes.splice(
      this.#processes.findIndex((process) => process.pid === pid),
      1,
    );
  }

  #handle(open: Open): Handle {
    this.open.add(open);
    return open;
  }

  #opened(handle: Handle, what: Open['what']): FakeProcess {
    if (!this.open.has(handle)) throw new Error('used after it was closed');
    const open = handle as Open;
    if (open.what !== what) throw new Error(`no ${what}`);
    return open.process;
  }

  #regions(handle: Handle): readonly FakeRegion[] {
    const { regions } = this.#opened(handle, 'process');
    return regions === undefined || regions === 'denied' ? [] : regions;
  }

  #place(handle: Handle, base: bigint, size: number): Uint8Array | undefined {
    for (const region of this.#regions(handle)) {
      const from = Number(base - region.base);
      if (from >= 0 && from + size <= region.bytes.length) return region.bytes.subarray(from, from + size);
    }
    return undefined;
  }
}
