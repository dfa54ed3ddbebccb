import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandHost, usageError } from '@causeway/bridge/cli';
import { CausewayError } from '@causeway/protocol/errors';
import { readGameRom } from './game-rom.js';
import { type StampOptions, stampRom } from './stamp-rom.js';

const HELP = `Usage: causeway-testbed stamp --slot NAME [flags] FILE

Writes a copy of Emberwalk for one slot of a room: what a patch is to other games.

  --slot NAME             the slot it connects as
  --seed NAME             the seed of the room it is for (default: any room)
  --delivery game|client  who counts received items (default game)
  --death-link            deaths are shared
  --help                  print this help
`;

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        slot: { type: 'string' },
        seed: { type: 'string' },
        delivery: { type: 'string', default: 'game' },
        'death-link': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw usageError('The command line was not understood.', error instanceof Error ? error.message : String(error));
  }
};

const stampOf = ({ values }: ReturnType<typeof parse>): StampOptions => {
  const { slot, seed, delivery } = values;
  if (slot === undefined) throw usageError('Whose copy is it?', 'Give --slot NAME, as the room spells it.');
  if (delivery !== 'game' && delivery !== 'client') {
    throw usageError(`--delivery "${delivery}" is not known.`, 'It takes game or client.');
  }
  return { slotName: slot, delivery, deathLink: values['death-link'], ...(seed === undefined ? {} : { seed }) };
};

/** `causeway-testbed stamp`. @throws `usage`, `file_unwritable` */
export const runStampCommand = async (args: readonly string[], host: CommandHost): Promise<number> => {
  const line = parse(args);
  if (line.values.help) {
    host.stdout.write(HELP);
    return 0;
  }
  const [file, ...more] = line.positionals;
  if (file === undefined || more.length > 0) throw usageError('Where shall the copy go?', 'Give one FILE.');
  const stamp = stampOf(line);
  const path = resolve(host.cwd, file);
  try {
    writeFileSync(path, stampRom(readGameRom(), stamp));
  } catch (cause) {
    if (CausewayError.is(cause)) throw cause;
    throw new CausewayError('file_unwritable', 'The copy could not be written.', { cause, context: { path } });
  }
  host.stderr.write(`${path}: Emberwalk for ${stamp.slotName}\n`);
  return 0;
};
