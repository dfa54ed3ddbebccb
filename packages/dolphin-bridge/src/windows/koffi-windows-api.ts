/** Windows itself, through koffi. Nothing of it is touched before {@link loadWindowsApi} is called. */
import { CausewayError } from '@causeway/protocol/errors';
import type { Handle, MappedRegion, Refusal, SectionView, WindowsApi, WindowsProcess } from './windows-api.js';

/** What koffi is used for here. */
interface Koffi {
  load(library: string): { func(declaration: string): unknown };
  struct(name: string, members: Readonly<Record<string, unknown>>): unknown;
  array(type: string, length: number, hint: 'String'): unknown;
  sizeof(type: unknown): number;
  view(pointer: Handle, size: number): ArrayBuffer;
}

interface ProcessEntry {
  dwSize: number;
  pid: number;
  exe: string;
}

interface MemoryInformation {
  base: number | bigint;
  size: number | bigint;
  state: number;
  type: number;
}

interface Kernel32 {
  snapshot(flags: number, pid: number): Handle | null;
  firstProcess(snapshot: Handle, entry: Partial<ProcessEntry>): number;
  nextProcess(snapshot: Handle, entry: Partial<ProcessEntry>): number;
  closeHandle(handle: Handle): number;
  openSection(access: number, inherit: number, name: string): Handle | null;
  map(section: Handle, access: number, high: number, low: number, bytes: number): Handle | null;
  unmap(view: Handle): number;
  queryOwn(at: Handle, info: Partial<MemoryInformation>, size: number): number;
  openProcess(access: number, inherit: number, pid: number): Handle | null;
  query(process: Handle, at: bigint, info: Partial<MemoryInformation>, size: number): number;
  read(process: Handle, at: bigint, target: Uint8Array, size: number, done: [number]): number;
  write(process: Handle, at: bigint, data: Uint8Array, size: number, done: [number]): number;
  lastError(): number;
}

const SNAP_PROCESSES = 0x2;
const NAME_LENGTH = 260;
const MAP_READ_WRITE = 0x6;
/** Query, operate on, read and write memory. */
const PROCESS_RIGHTS = 0x438;
const COMMITTED = 0x1000;
const MAPPED = 0x4_0000;
const INVALID_HANDLE = 2n ** 64n - 1n;

const DECLARATIONS: Readonly<Record<keyof Kernel32, string>> = {
  snapshot: 'void *CreateToolhelp32Snapshot(uint32 flags, uint32 pid)',
  firstProcess: 'int Process32FirstW(void *snapshot, _Inout_ CAUSEWAY_PROCESSENTRY32W *entry)',
  nextProcess: 'int Process32NextW(void *snapshot, _Inout_ CAUSEWAY_PROCESSENTRY32W *entry)',
  closeHandle: 'int CloseHandle(void *handle)',
  openSection: 'void *OpenFileMappingW(uint32 access, int inherit, str16 name)',
  map: 'void *MapViewOfFile(void *section, uint32 access, uint32 high, uint32 low, size_t bytes)',
  unmap: 'int UnmapViewOfFile(void *view)',
  queryOwn: 'size_t VirtualQuery(void *at, _Out_ CAUSEWAY_MEMORY_BASIC_INFORMATION *info, size_t size)',
  openProcess: 'void *OpenProcess(uint32 access, int inherit, uint32 pid)',
  query: 'size_t VirtualQueryEx(void *process, uint64 at, _Out_ CAUSEWAY_MEMORY_BASIC_INFORMATION *info, size_t size)',
  read: 'int ReadProcessMemory(void *process, uint64 at, _Out_ uint8_t *target, size_t size, _Out_ size_t *done)',
  write: 'int WriteProcessMemory(void *process, uint64 at, const uint8_t *data, size_t size, _Out_ size_t *done)',
  lastError: 'uint32 GetLastError()',
};

class KoffiWindowsApi implements WindowsApi {
  readonly #koffi: Koffi;
  readonly #kernel: Kernel32;
  readonly #entrySize: number;
  readonly #informationSize: number;

  constructor(koffi: Koffi) {
    this.#koffi = koffi;
    this.#entrySize = koffi.sizeof(
      koffi.struct('CAUSEWAY_PROCESSENTRY32W', {
        ...{ dwSize: 'uint32', usage: 'uint32', pid: 'uint32', heap: 'uint64', module: 'uint32', threads: 'uint32' },
        ...{
          parent: 'uint32',
          priority: 'int32',
          flags: 'uint32',
          exe: koffi.array('char16_t', NAME_LENGTH, 'String'),
        },
      }),
    );
    this.#informationSize = koffi.sizeof(
      koffi.struct('CAUSEWAY_MEMORY_BASIC_INFORMATION', {
        ...{ base: 'uint64', allocation: 'uint64', allocationProtect: 'uint32', partition: 'uint32' },
        ...{ size: 'uint64', state: 'uint32', protect: 'uint32', type: 'uint32', padding: 'uint32' },
      }),
    );
    const library = koffi.load('kernel32.dll');
    const calls = Object.entries(DECLARATIONS).map(([name, declaration]) => [name, library.func(declaration)]);
    this.#kernel = Object.fromEntries(calls) as unknown as Kernel32;
  }

  processes(): readonly WindowsProcess[] {
    const snapshot = this.#kernel.snapshot(SNAP_PROCESSES, 0);
    if (snapshot === null || snapshot === INVALID_HANDLE) return [];
    const found: WindowsProcess[] = [];
    const entry = { dwSize: this.#entrySize, pid: 0, exe: '' };
    let more = this.#kernel.firstProcess(snapshot, this.#blank(entry));
    while (more !== 0) {
      found.push({ pid: entry.pid, name: entry.exe.split('\0')[0] ?? '' });
      more = this.#kernel.nextProcess(snapshot, entry);
    }
    this.#kernel.closeHandle(snapshot);
    return found;
  }

  openSection(name: string): Handle | Refusal {
    return this.#kernel.openSection(MAP_READ_WRITE, 0, name) ?? { error: this.#kernel.lastError() };
  }

  mapSection(section: Handle): SectionView | undefined {
    const at = this.#kernel.map(section, MAP_READ_WRITE, 0, 0, 0);
    if (at === null) return undefined;
    const unmap = (): void => {
      this.#kernel.unmap(at);
    };
    try {
      const info: Partial<MemoryInformation> = {};
      if (Number(this.#kernel.queryOwn(at, info, this.#informationSize)) === 0) throw new Error('VirtualQuery failed');
      return { buffer: this.#koffi.view(at, Number(info.size)), unmap };
    } catch {
      // Electron forbids buffers over memory that is not its own.
      unmap();
      return undefined;
    }
  }

  openProcess(pid: number): Handle | Refusal {
    return this.#kernel.openProcess(PROCESS_RIGHTS, 0, pid) ?? { error: this.#kernel.lastError() };
  }

  mappedRegions(process: Handle): readonly MappedRegion[] {
    const found: MappedRegion[] = [];
    for (let at = 0n; ; ) {
      const info: Partial<MemoryInformation> = {};
      if (Number(this.#kernel.query(process, at, info, this.#informationSize)) === 0) return found;
      const base = BigInt(info.base ?? 0);
      const size = BigInt(info.size ?? 0);
      // The walk must end whatever the system says.
      if (size === 0n || base + size <= at) return found;
      if (info.type === MAPPED && info.state === COMMITTED) found.push({ base, size: Number(size) });
      at = base + size;
    }
  }

  readProcess(process: Handle, base: bigint, target: Uint8Array): boolean {
    const done: [number] = [0];
    return this.#kernel.read(process, base, target, target.length, done) !== 0 && Number(done[0]) === target.length;
  }

  writeProcess(process: Handle, base: bigint, data: Uint8Array): boolean {
    const done: [number] = [0];
    return this.#kernel.write(process, base, data, data.length, done) !== 0 && Number(done[0]) === data.length;
  }

  close(handle: Handle): void {
    this.#kernel.closeHandle(handle);
  }

  /** koffi reads every member of what goes both ways. */
  #blank(entry: ProcessEntry): ProcessEntry {
    return Object.assign(entry, { usage: 0, heap: 0, module: 0, threads: 0, parent: 0, priority: 0, flags: 0 });
  }
}

let loaded: Promise<WindowsApi> | undefined;

const load = async (): Promise<WindowsApi> => {
  try {
    return new KoffiWindowsApi((await import('koffi')).default as unknown as Koffi);
  } catch (cause) {
    throw new CausewayError(
      'device_unsupported',
      'The package koffi, which reaches Dolphin on Windows, does not load.',
      {
        fix: 'Install Causeway again with its optional dependencies (npm install without --omit=optional).',
        cause,
      },
    );
  }
};

/** Loads koffi once. Rejects with `device_unsupported` where it is missing or does not load. */
export const loadWindowsApi = (): Promise<WindowsApi> => {
  loaded ??= load();
  return loaded;
};
