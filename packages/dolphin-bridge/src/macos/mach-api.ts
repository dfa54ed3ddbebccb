/**
 * The few calls of macOS by which another process's memory is reached, through koffi.
 *
 * NOT RUN ON A MAC. Written from Apple's headers; nobody has tried it. Dolphin's debugger connection is the way to prefer there.
 */
import { CausewayError } from '@causeway/protocol/errors';

/** What koffi is used for here. */
interface Koffi {
  load(library: string): { func(declaration: string): unknown };
}

export interface MachRegion {
  readonly base: bigint;
  readonly size: number;
  /** Where in its memory object the mapping begins, in bytes. */
  readonly offset: number;
  /** Whether it may be made readable and writable. */
  readonly writable: boolean;
}

export interface MachApi {
  /** Every process with its short name. */
  processes(): readonly { readonly pid: number; readonly name: string }[];
  /** The task port of a process; `undefined` when macOS does not hand it out. */
  openTask(pid: number): number | undefined;
  regions(task: number): readonly MachRegion[];
  /** Whether all of `target` was filled. */
  read(task: number, base: bigint, target: Uint8Array): boolean;
  write(task: number, base: bigint, data: Uint8Array): boolean;
  closeTask(task: number): void;
}

const LIBRARY = '/usr/lib/libSystem.B.dylib';
const SUCCESS = 0;
/** `VM_REGION_BASIC_INFO_64`: nine words, of which the second is the greatest protection and the sixth and seventh the offset. */
const BASIC_INFO = 9;
const BASIC_INFO_WORDS = 9;
const MAX_PROTECTION_WORD = 1;
const OFFSET_BYTE = 20;
const READ_WRITE = 3;
const NAME_SIZE = 64;
/** More processes than a Mac runs. */
const MAX_PIDS = 8192;

interface Calls {
  self(): number;
  taskForPid(self: number, pid: number, task: Uint32Array): number;
  region(
    task: number,
    at: BigUint64Array,
    size: BigUint64Array,
    flavor: number,
    info: Uint8Array,
    count: Uint32Array,
    object: Uint32Array,
  ): number;
  read(task: number, base: bigint, size: bigint, target: Uint8Array, done: BigUint64Array): number;
  write(task: number, base: bigint, data: Uint8Array, size: number): number;
  release(self: number, task: number): number;
  allPids(pids: Int32Array, size: number): number;
  name(pid: number, name: Uint8Array, size: number): number;
}

const DECLARATIONS: Readonly<Record<keyof Calls, string>> = {
  self: 'uint32 task_self_trap()',
  taskForPid: 'int task_for_pid(uint32 self, int pid, uint32 *task)',
  region:
    'int mach_vm_region(uint32 task, uint64 *at, uint64 *size, int flavor, uint8 *info, uint32 *count, uint32 *object)',
  read: 'int mach_vm_read_overwrite(uint32 task, uint64 base, uint64 size, uint8 *target, uint64 *done)',
  write: 'int mach_vm_write(uint32 task, uint64 base, uint8 *data, uint32 size)',
  release: 'int mach_port_deallocate(uint32 self, uint32 task)',
  allPids: 'int proc_listallpids(int *pids, int size)',
  name: 'int proc_name(int pid, uint8 *name, uint32 size)',
};

const listRegions = (calls: Calls, task: number): readonly MachRegion[] => {
  const found: MachRegion[] = [];
  const at = new BigUint64Array(1);
  const size = new BigUint64Array(1);
  const info = new Uint8Array(BASIC_INFO_WORDS * 4);
  const view = new DataView(info.buffer);
  for (;;) {
    const count = Uint32Array.of(BASIC_INFO_WORDS);
    if (calls.region(task, at, size, BASIC_INFO, info, count, new Uint32Array(1)) !== SUCCESS) return found;
    const base = at[0] ?? 0n;
    const length = size[0] ?? 0n;
    // The walk must end whatever the system says.
    if (length === 0n) return found;
    const writable = (view.getInt32(MAX_PROTECTION_WORD * 4, true) & READ_WRITE) === READ_WRITE;
    found.push({ base, size: Number(length), offset: Number(view.getBigUint64(OFFSET_BYTE, true)), writable });
    at[0] = base + length;
  }
};

const listProcesses = (calls: Calls): ReturnType<MachApi['processes']> => {
  const pids = new Int32Array(MAX_PIDS);
  const count = Math.max(0, calls.allPids(pids, pids.byteLength));
  const name = new Uint8Array(NAME_SIZE);
  return [...pids.subarray(0, count)].map((pid) => {
    const length = Math.max(0, calls.name(pid, name, name.length));
    return { pid, name: Buffer.from(name.subarray(0, length)).toString('utf8') };
  });
};

const machApi = (koffi: Koffi): MachApi => {
  const library = koffi.load(LIBRARY);
  const bound = Object.entries(DECLARATIONS).map(([name, declaration]) => [name, library.func(declaration)]);
  const calls = Object.fromEntries(bound) as unknown as Calls;
  const self = calls.self();
  return {
    processes: () => listProcesses(calls),
    openTask: (pid) => {
      const task = new Uint32Array(1);
      return calls.taskForPid(self, pid, task) === SUCCESS ? task[0] : undefined;
    },
    regions: (task) => listRegions(calls, task),
    read: (task, base, target) => {
      const done = new BigUint64Array(1);
      const size = BigInt(target.length);
      return calls.read(task, base, size, target, done) === SUCCESS && done[0] === size;
    },
    write: (task, base, data) => calls.write(task, base, data, data.length) === SUCCESS,
    closeTask: (task) => {
      calls.release(self, task);
    },
  };
};

/** Rejects with `device_unsupported` where koffi is missing or does not load. */
export const loadMachApi = async (): Promise<MachApi> => {
  try {
    return machApi((await import('koffi')).default as unknown as Koffi);
  } catch (cause) {
    throw new CausewayError('device_unsupported', 'The package koffi, which reaches Dolphin on macOS, does not load.', {
      fix: 'Start the game with Dolphin’s debugger connection, which needs no such package: set GDBSocket and give --device dolphin://socket/PATH.',
      cause,
    });
  }
};
