/** What is asked of Windows, as narrow as it is needed: tests bring their own. Addresses are numbers in the other process. */

/** A thing of the system that is open for us. Only its maker looks inside. */
export type Handle = object | bigint;

export interface WindowsProcess {
  readonly pid: number;
  /** File name of the program: `Dolphin.exe`. */
  readonly name: string;
}

/** Memory of a section, seen from here. */
export interface SectionView {
  /** The bytes, live. Must not leave the class that holds it: touching it after {@link unmap} ends our process. */
  readonly buffer: ArrayBuffer;
  unmap(): void;
}

/** A stretch of another process's memory that is committed and shows a section, of whatever size. */
export interface MappedRegion {
  readonly base: bigint;
  readonly size: number;
}

/** What the system answers instead of opening something: its error number. */
export interface Refusal {
  readonly error: number;
}

export interface WindowsApi {
  processes(): readonly WindowsProcess[];
  /** Opens a named section for reading and writing. */
  openSection(name: string): Handle | Refusal;
  /** Maps all of it; `undefined` when the system or the runtime does not allow it. */
  mapSection(section: Handle): SectionView | undefined;
  /** Opens a process for looking at its memory and changing it. */
  openProcess(pid: number): Handle | Refusal;
  mappedRegions(process: Handle): readonly MappedRegion[];
  /** Whether all of `target` was filled. */
  readProcess(process: Handle, base: bigint, target: Uint8Array): boolean;
  writeProcess(process: Handle, base: bigint, data: Uint8Array): boolean;
  close(handle: Handle): void;
}

export const isRefusal = (answer: Handle | Refusal): answer is Refusal =>
  typeof answer === 'object' && 'error' in answer;

/** The system's numbers for "no such name" and "not for you". */
export const ERROR_FILE_NOT_FOUND = 2;
export const ERROR_ACCESS_DENIED = 5;
