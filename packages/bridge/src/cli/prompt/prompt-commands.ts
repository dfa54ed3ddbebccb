import { TEXT_CATEGORIES, type TextPlace } from '../text-categories.js';
import { type PromptCommand, type PromptSetting, promptUsage } from './prompt-command.js';
import { ROOM_COMMANDS } from './room-commands.js';

const PLACES: Readonly<Record<TextPlace, string>> = { prompt: 'Shown here', screen: "Shown on the game's screen" };

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['true', true],
  ['off', false],
  ['false', false],
]);

const CATEGORY_WORDS = [...TEXT_CATEGORIES, 'all'];

const toggle =
  (place: TextPlace) =>
  ({ categories, output }: PromptSetting, argument: string): void => {
    const [category = '', word, ...more] = argument.toLowerCase().split(/\s+/);
    const on = word === undefined ? undefined : SWITCH.get(word);
    const understood = more.length === 0 && (word === undefined || on !== undefined);
    if (category !== '' && !(understood && categories.switch(place, category, on))) {
      output.note(`It takes one of ${CATEGORY_WORDS.join(', ')}, then on, off or nothing.`);
      return;
    }
    output.note(`${PLACES[place]}: ${categories.describe(place)}.`);
  };

const toggleWords = (): string[] => CATEGORY_WORDS.flatMap((word) => [word, `${word} on`, `${word} off`]);

const help: PromptCommand = {
  name: '/help',
  argument: '',
  about: 'shows these commands',
  run: ({ output }) => {
    const rows = PROMPT_COMMANDS.map((command) => [promptUsage(command), command.about] as const);
    const width = Math.max(...rows.map(([usage]) => usage.length));
    for (const [usage, about] of rows) output.note(`${usage.padEnd(width)}  ${about}`);
    output.note('Anything else goes to the room: chat, or a command of the server such as !help. Tab completes.');
  },
};

/** Every word the prompt understands, in the order of its help. */
export const PROMPT_COMMANDS: readonly PromptCommand[] = [
  {
    name: '/connect',
    argument: '[address]',
    about: 'joins the room again; with an address: another one, with name and password asked anew',
    run: ({ connect }, address) => connect(address),
  },
  {
    name: '/disconnect',
    argument: '',
    about: 'leaves the room and stays with the emulator; what you find is sent after /connect',
    run: ({ disconnect }) => disconnect(),
  },
  ...ROOM_COMMANDS,
  {
    name: '/ready',
    argument: '',
    about: 'tells the room that you are ready to begin, or not any more',
    run: ({ ready }) => ready(),
  },
  {
    name: '/release',
    argument: '',
    about: 'sends the checks that are held, because you made them',
    run: ({ release }) => release(),
  },
  {
    name: '/drop',
    argument: '',
    about: 'forgets the checks that are held, because you did not make them',
    run: ({ drop }) => drop(),
  },
  {
    name: '/toggle_text',
    argument: '[category] [on|off]',
    about: `switches a category of text on the game's own screen: ${CATEGORY_WORDS.join(', ')}`,
    complete: toggleWords,
    run: toggle('screen'),
  },
  {
    name: '/toggle_prompt',
    argument: '[category] [on|off]',
    about: 'the same for the prompt',
    complete: toggleWords,
    run: toggle('prompt'),
  },
  help,
  { name: '/quit', aliases: ['/exit'], argument: '', about: 'ends in order', run: ({ quit }) => quit() },
];

export const findCommand = (name: string): PromptCommand | undefined =>
  PROMPT_COMMANDS.find((command) => command.name === name || command.aliases?.includes(name));
