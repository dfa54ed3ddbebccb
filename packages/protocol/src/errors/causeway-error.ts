import { ERRORS, type ErrorCode } from './catalogue.js';

const brand = Symbol.for('causeway.error');

export interface CausewayErrorOptions extends ErrorOptions {
  /** Facts about this occurrence, safe to log and to show: never a password. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** What a person can do in this very case, where it is known better than the catalogue can know it. */
  readonly fix?: string;
}

/**
 * The one error class of Causeway.
 *
 * Test with `CausewayError.is(e)` rather than `instanceof`: the ESM and the CommonJS build of a package can meet in one
 * process, and only `is` recognises both.
 */
export class CausewayError extends Error {
  override readonly name: string = 'CausewayError';
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, unknown>>;
  /** What a person can do about it. */
  readonly fix: string;

  constructor(code: ErrorCode, message: string, options: CausewayErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.context = options.context ?? {};
    this.fix = options.fix ?? ERRORS[code].fix;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether the thing that raised it is of no further use. */
  get fatal(): boolean {
    return ERRORS[this.code].fatal;
  }

  /** The exit code of a command that ends with this error. */
  get exitCode(): number {
    return ERRORS[this.code].exit;
  }

  static is(value: unknown): value is CausewayError {
    return value instanceof Error && brand in value;
  }

  /** Turns anything caught into a coded error; a coded one is returned as it is. */
  static from(value: unknown, code: ErrorCode = 'unexpected'): CausewayError {
    if (CausewayError.is(value)) return value;
    const message = value instanceof Error ? value.message : String(value);
    return new CausewayError(code, message, { cause: value });
  }
}

/** Whether the running console behind a device is gone and must be opened anew. */
export const isDeviceGone = (error: unknown): error is CausewayError =>
  CausewayError.is(error) && /^(device|batch|protocol)_/.test(error.code) && error.fatal;
