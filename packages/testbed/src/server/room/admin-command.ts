import { showChat } from './chat.js';
import type { Caller } from './chat-command.js';
import { runConsole } from './console.js';
import { notify, printJson } from './messages.js';

/** Says nothing of the length of what it hides. */
const MASK = '*****';

const masked = (argument: string): string => {
  const secret = /^(login|\/option (?:server_)?password)\s/i.exec(argument)?.[1];
  return secret === undefined ? argument : `${secret} ${MASK}`;
};

/** `!admin`: the host's console from inside the room, after `!admin login PASSWORD`. One client at a time. */
export const adminCommand = ({ room, client, tell }: Caller, argument: string): void => {
  showChat(room, client, `!admin ${masked(argument)}`);
  const { serverPassword } = room.options;
  if (serverPassword === undefined) {
    tell('Sorry, Remote administration is disabled');
    return;
  }
  if (/^login\s/i.test(argument)) {
    if (argument.slice('login '.length) !== serverPassword) {
      tell('Password incorrect.');
      return;
    }
    for (const other of room.clients) other.admin = other === client;
    tell('Login successful. You can now issue server side commands.');
    return;
  }
  if (!client.admin) {
    tell('You must first login using !admin login [password]');
    return;
  }
  if (argument.toLowerCase() === 'logout') {
    client.admin = false;
    tell('Logout successful. You can no longer issue server side commands.');
    return;
  }
  runConsole(room, argument, (line) => notify(room, client, printJson(line, { type: 'AdminCommandResult' })));
};
