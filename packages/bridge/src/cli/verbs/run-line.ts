import type { Session } from '../../session/contract.js';
import type { Output } from '../output.js';

export interface LineSetting {
  readonly session: Pick<Session, 'say'>;
  readonly output: Output;
  quit(): void;
}

interface SlashCommand {
  readonly about: string;
  run(setting: LineSetting): void;
}

/** Words for us, as Archipelago's own clients have them; everything else goes to the room. */
const COMMANDS: Readonly<Record<string, SlashCommand>> = {
  '/help': {
    about: 'shows these commands',
    run: ({ output }) => {
      for (const [name, { about }] of Object.entries(COMMANDS)) output.note(`${name}  ${about}`);
      output.note('Anything else goes to the room: chat, or a command of the server such as !help.');
    },
  },
  '/quit': { about: 'ends in order', run: ({ quit }) => quit() },
};

/** Does what a line typed by the person says. */
export const obeyLine = (line: string, setting: LineSetting): void => {
  const text = line.trim();
  if (text === '') return;
  if (text.startsWith('/')) {
    const command = COMMANDS[text.split(' ', 1)[0] ?? ''];
    if (command) command.run(setting);
    else setting.output.note(`There is no command ${text}. There are ${Object.keys(COMMANDS).join(', ')}.`);
    return;
  }
  if (!setting.session.say(text)) setting.output.note('Not connected to the room: not sent.');
};
