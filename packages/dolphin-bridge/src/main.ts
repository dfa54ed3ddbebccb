import { runBridgeCommand } from '@causeway/bridge/cli';
import { dolphinCommand } from './dolphin-command.js';

/** Something a game module of the person's own left running must not keep a finished command alive. */
const LINGER_MS = 1_000;

const code = await runBridgeCommand(dolphinCommand);

process.exitCode = code;
setTimeout(() => process.exit(code), LINGER_MS).unref();
