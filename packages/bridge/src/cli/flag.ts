/** A flag that stands alone. */
export interface Switch {
  readonly kind: 'switch';
  readonly about: string;
}

/** A flag with a value. */
export interface Option<T> {
  readonly kind: 'option';
  readonly about: string;
  /** What stands for the value in help: `URI`, `MS`. */
  readonly value: string;
  readonly aliases: readonly string[];
  /** Turns the text into the value, or throws a usage error. */
  readonly parse: (text: string, flag: string) => T;
}

/** A flag with a value that may be given several times. */
export interface OptionList<T> {
  readonly kind: 'list';
  readonly about: string;
  readonly value: string;
  readonly parse: (text: string, flag: string) => T;
}

export type Flag = Switch | Option<unknown> | OptionList<unknown>;
export type FlagTable = Readonly<Record<string, Flag>>;

/** What a verb gets for its flags. */
export type FlagValues<F extends FlagTable> = {
  readonly [K in keyof F]: F[K] extends OptionList<infer T>
    ? readonly T[]
    : F[K] extends Option<infer T>
      ? T | undefined
      : boolean;
};

export const onOff = (about: string): Switch => ({ kind: 'switch', about });

export const option = <T>(
  value: string,
  about: string,
  parse: (text: string, flag: string) => T,
  aliases: readonly string[] = [],
): Option<T> => ({ kind: 'option', about, value, aliases, parse });

export const optionList = <T>(
  value: string,
  about: string,
  parse: (text: string, flag: string) => T,
): OptionList<T> => ({ kind: 'list', about, value, parse });
