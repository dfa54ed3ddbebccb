import { CausewayError } from '@causeway/protocol/errors';
import { span } from '../styled-text.js';
import type { PromptSetting } from './prompt-command.js';
import { findCommand } from './prompt-commands.js';

/** Does what a line typed by the person says. Never rejects: what goes wrong is said. */
export const obeyLine = async (line: string, setting: PromptSetting): Promise<void> => {
  const text = line.trim();
  if (text === '') return;
  if (!text.startsWith('/')) return setting.say(text);
  const [, name = '', argument = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  const command = findCommand(name.toLowerCase());
  if (!command) return setting.output.note(`There is no command ${name}. /help shows those there are.`);
  try {
    await command.run(setting, argument);
  } catch (error) {
    if (setting.signal.aborted) return;
    const { message, fix } = CausewayError.from(error);
    setting.output.note(span('failure', '! '), `${message} ${fix}`);
  }
};
