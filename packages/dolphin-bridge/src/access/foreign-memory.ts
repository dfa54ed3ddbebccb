/** The few calls of the C library by which a file can be mapped, through koffi, which is an optional dependency. */

/** Memory of another process mapped into ours. */
export interface MappedMemory {
  /** The bytes, live. Dead memory that reads zero after {@link release}; it must not leave the class that holds it. */
  readonly buffer: ArrayBuffer;
  /** Lets go of the other process's memory. Calling it twice is fine. Its addresses are given back once nobody has the buffer. */
  release(): void;
}

export interface ForeignMemory {
  /** Maps the first `size` bytes of an open file, shared and writable. Throws when the system or the runtime does not allow it. */
  map(fd: number, size: number): MappedMemory;
}

/** Values of Linux on x86-64 and ARM64; other machines of Linux have others. */
const PROT_READ_WRITE = 3;
const MAP_SHARED = 0x01;
const MAP_PRIVATE = 0x02;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_NORESERVE = 0x4000;
const MACHINES: readonly string[] = ['x64', 'arm64'];
const FAILED = 2n ** 64n - 1n;

type Mmap = (at: bigint | null, size: number, prot: number, flags: number, fd: number, offset: number) => bigint | null;

/** The calls of the C library. */
interface Calls {
  readonly mmap: Mmap;
  readonly munmap: (at: bigint, size: number) => number;
}

/** What koffi is used for here. */
interface Koffi {
  load(library: null): { func(declaration: string): unknown };
  view(pointer: bigint, size: number): ArrayBuffer;
}

let loaded: Promise<ForeignMemory | undefined> | undefined;

/** Loads koffi once; `undefined` where it is not installed, does not load or does not fit this machine. Never rejects. */
export const loadForeignMemory = (): Promise<ForeignMemory | undefined> => {
  loaded ??= process.platform === 'linux' && MACHINES.includes(process.arch) ? load() : Promise.resolve(undefined);
  return loaded;
};

const load = async (): Promise<ForeignMemory | undefined> => {
  try {
    const koffi = (await import('koffi')).default as unknown as Koffi;
    const library = koffi.load(null);
    const mmap = library.func('void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)');
    const munmap = library.func('int munmap(void *addr, size_t length)');
    const calls = { mmap, munmap } as Calls;
    return { map: (fd, size) => mapFile(koffi, calls, fd, size) };
  } catch {
    return undefined;
  }
};

/** Runs what is left to do for a buffer once nobody has it any more. */
const abandoned = new FinalizationRegistry<() => void>((unmap) => unmap());

const mapFile = (koffi: Koffi, { mmap, munmap }: Calls, fd: number, size: number): MappedMemory => {
  const at = mmap(null, size, PROT_READ_WRITE, MAP_SHARED, fd, 0);
  if (at === null || at === FAILED) throw new Error('mmap failed');
  let held = true;
  const unmap = (): void => {
    held = false;
    munmap(at, size);
  };
  let buffer: ArrayBuffer;
  try {
    buffer = koffi.view(at, size);
  } catch (error) {
    // Electron forbids buffers over memory that is not its own.
    unmap();
    throw error;
  }
  abandoned.register(buffer, unmap);
  const release = (): void => {
    if (!held) return;
    held = false;
    // Not munmap: whoever still has the buffer would crash the process. Laid over in place it reads zeros, and the game's memory
    // is released. It stays writable for the same reason (docs/specs/dolphin.md, section 4.2).
    mmap(at, size, PROT_READ_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  };
  return { buffer, release };
};
