/** Committed file → the part that starts it. */
export declare const SCRIPTS: Readonly<Record<string, string>>;

/** Text of one committed script. `read` gives a part's text by its name. */
export declare const buildScript: (entry: string, read?: (name: string) => string) => string;
