import * as jsnes from 'jsnes';

/**
 * The parts of jsnes 3.0.0 that its own declarations leave out.
 *
 * The version is pinned exactly: these are internals, and they were checked against that version only.
 */
export interface JsnesCore {
  readonly cpu: {
    readonly mem: Uint8Array;
    readonly IRQ_RESET: number;
    readonly REG_PC: number;
    readonly REG_ACC: number;
    readonly REG_X: number;
    readonly REG_Y: number;
    readonly REG_SP: number;
    getStatus(): number;
    requestIrq(kind: number): void;
    emulate(): number;
    _updatePrgReadPath(): void;
  };
  readonly ppu: {
    readonly vramMem: Uint8Array;
    readonly spriteMem: Uint8Array;
    readonly vramMirrorTable: Uint16Array;
    readonly buffer: Uint32Array;
    readonly openBusLatch: number;
    clipToTvSize: boolean;
    firstWrite: boolean;
    frameEnded: boolean;
    startFrame(): void;
    writeMem(address: number, value: number): void;
    mirroredWrite(address: number, value: number): void;
    updateControlReg1(value: number): void;
    updateControlReg2(value: number): void;
  };
  readonly papu: { writeReg(address: number, value: number): void };
  readonly mmap: { write(address: number, value: number): void };
  readonly controllers: Readonly<Record<1 | 2, { clock(): void }>>;
  crashed: boolean;
  frame(): void;
  loadROM(image: Uint8Array): void;
  buttonDown(controller: 1 | 2, button: number): void;
  buttonUp(controller: 1 | 2, button: number): void;
  toJSON(): unknown;
  fromJSON(state: unknown): void;
}

/** Its declarations do not resolve under NodeNext, so the one thing that is used is named here. */
const { NES } = jsnes as unknown as { readonly NES: new (options: { readonly emulateSound: boolean }) => JsnesCore };

export const createJsnes = (): JsnesCore => new NES({ emulateSound: false });
