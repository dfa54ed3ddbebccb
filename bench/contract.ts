/** One thing measured. Everything is better when smaller, unless `what` says otherwise. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** The same of something else, measured in the same run. */
  readonly beside?: { readonly name: string; readonly value: number };
  /** How many measurements `ours` is taken from. */
  readonly samples?: number;
  /** Further values of ours, in the same unit unless the name says otherwise. */
  readonly spread?: Readonly<Record<string, number>>;
}

export interface BenchOptions {
  /** Hardly any samples: shows that everything works, and measures nothing. */
  readonly smoke: boolean;
  /** The `data/lua` folder of an Archipelago checkout, to measure the reference connector beside ours. */
  readonly referenceLua: string | undefined;
}

/** A set of figures that are measured together. */
export interface Bench {
  /** In kebab-case: what `npm run bench -- NAME` takes. */
  readonly name: string;
  /** What was done to get the figures, in a sentence for the table. */
  readonly how: string;
  run(options: BenchOptions): Promise<readonly Figure[]>;
}
