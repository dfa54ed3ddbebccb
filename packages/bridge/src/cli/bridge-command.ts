import type { Driver } from '../device/contract.js';
import type { GameModule } from '../game/contract.js';
import type { CommandHost } from './command-host.js';
import type { Engine } from './engine.js';
import type { Verb } from './verb.js';

/** What a driver may take from the command that uses it. */
export interface DriverOptions {
  readonly env: CommandHost['env'];
}

/** What makes one bridge's command different from another's. */
export interface BridgeCommand {
  /** Name of the program: `causeway-bizhawk`. */
  readonly name: string;
  readonly version: string;
  /** One sentence at the top of the help. */
  readonly about: string;
  /** What a person can do when no emulator is found. Default: advice for all of them. */
  readonly nothingFound?: string;
  /** Called when a verb needs the driver, so that help does not wait for it. */
  readonly loadDriver: (options: DriverOptions) => Promise<Driver>;
  /** The game modules that come with the bridge. */
  readonly loadModules?: () => Promise<readonly GameModule[]>;
  /** Verbs this bridge has besides those all have. */
  readonly verbs?: readonly Verb[];
  /** What joins device and room; the real one unless a test brings another. */
  readonly loadEngine?: () => Promise<Engine>;
  /** The machine to run on; this process unless a test brings another. */
  readonly host?: CommandHost;
}
