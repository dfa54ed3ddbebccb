import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';
import type { NativeTable } from './lua-api/host.js';

/** A script: a file, or text with a name for messages. */
export type Script = string | { readonly name: string; readonly source: string };

/** The script and what it may load: files beside it, and absolute paths. Reading is all there is. */
export class ScriptFiles {
  readonly #script: Script;
  readonly #folder: string;

  constructor(script: Script) {
    this.#script = script;
    this.#folder = typeof script === 'string' ? dirname(resolve(script)) : process.cwd();
  }

  /** @throws `file_unreadable` */
  readScript(): readonly [source: string | Uint8Array, name: string] {
    const script = this.#script;
    if (typeof script !== 'string') return [script.source, script.name];
    try {
      return [readFileSync(script), basename(script)];
    } catch (cause) {
      throw new CausewayError('file_unreadable', `cannot read the script ${script}`, { cause });
    }
  }

  natives(): NativeTable {
    return {
      script: () => this.readScript(),
      read: (call) => {
        const path = call.text(1);
        const full = isAbsolute(path) ? path : resolve(this.#folder, path);
        try {
          return [readFileSync(full), path];
        } catch {
          return undefined;
        }
      },
    };
  }
}
