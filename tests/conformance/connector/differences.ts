/** Where our connector deliberately answers otherwise than the recorded reference. */
export interface Difference {
  readonly case: string;
  /** Number of the recorded step this is about. */
  readonly n: number;
  /** `instead`: ours answers this where the reference gave step `n`. `also`: after step `n`, where the reference is silent. */
  readonly how: 'instead' | 'also';
  readonly answer: readonly object[];
  readonly why: string;
}

/** Error texts are opaque: any text is right where a difference says ERROR. */
const ERROR = { type: 'ERROR', err: '*' };

export const DIFFERENCES: readonly Difference[] = [
  {
    case: 'bad-json',
    n: 6,
    how: 'also',
    answer: [ERROR],
    why: 'a broken line is answered, so that its sender need not wait for a time-out; the reference says nothing',
  },
  {
    case: 'bad-json-then-ping',
    n: 5,
    how: 'also',
    answer: [ERROR],
    why: 'a broken line is answered, so that its sender need not wait for a time-out; the reference says nothing',
  },
  {
    case: 'guard-error',
    n: 7,
    how: 'instead',
    answer: [ERROR, ERROR],
    why: 'a guard that errs has not been checked; what it guards is not written, while the reference writes it',
  },
  {
    case: 'guard-error',
    n: 11,
    how: 'instead',
    answer: [{ type: 'READ_RESPONSE', value: 'AQ==' }],
    why: 'the byte still has the value it was filled with: (73 * 112 + 17) mod 256',
  },
  {
    case: 'split-line',
    n: 6,
    how: 'also',
    answer: [{ type: 'PONG' }],
    why: 'a line that arrives in pieces is put together; the reference loses it',
  },
];
