import { describe, expect, test } from 'vitest';
import type { GameModule } from '../../game/contract.js';
import { PROMPT_COMMANDS } from '../prompt/prompt-commands.js';
import { type StartOptions, startRun } from '../testing/start-run.js';
import { TestRoom, testGame } from '../testing/test-room.js';

const PASSWORD = 'correct horse/battery';
const TAB = '\t';
const UP = '\u001b[A';

/** A run with somebody at the keyboard, joined. */
const atPrompt = async (argv: readonly string[] = [], options: StartOptions = {}) => {
  const run = startRun(['--server', 'localhost', ...argv], { tty: true, ...options });
  await run.host.shows('connected as Ana');
  await run.host.shows('hello');
  let seen = run.host.errText().length;
  /** What was shown since the last call, escape sequences apart. */
  const shown = (): string => {
    const text = run.host.errText().slice(seen);
    seen += text.length;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to leave out
    return text.replace(/\u001b\[[\d;]*[A-Za-z]/g, '').replaceAll('\r', '');
  };
  /** Types a line and gives what is shown until `last` is. */
  const say = async (line: string, last: string): Promise<string> => {
    const from = run.host.errText().length;
    run.host.type(line);
    await expect.poll(() => run.host.errText().slice(from)).toContain(last);
    return shown();
  };
  const quit = async (): Promise<number> => {
    run.host.type('/quit');
    return run.done;
  };
  return { ...run, say, shown, quit };
};

describe('lists', () => {
  test('/received has number, item, finder and place', async () => {
    const { say, quit } = await atPrompt();
    const told = await say('/received', '(Chest 8)');
    expect(told).toContain('Received: 2 of 2.\n');
    expect(told).toContain('     1  Sword from Ben (Chest 70)\n');
    expect(told).toContain('     2  Swan Boat from Ana (Chest 8)\n');
    expect(await say('/received BOAT', 'Swan')).toContain('Received: 1 of 2.\n');
    expect(await quit()).toBe(0);
  });

  test('/missing and /locations go by what the room says, in the order of their numbers', async () => {
    const { say, quit } = await atPrompt();
    expect(await say('/missing', 'Chest 10')).toContain('Missing: 2 of 3 locations.\n> ');
    const all = await say('/locations chest', 'Chest 10');
    expect(all).toContain('Locations: 3 of 3, 1 of them checked.\n');
    expect(all.match(/ {2}Chest.*/g)).toEqual(['  Chest 7', '  Chest 8  checked', '  Chest 10']);
    expect(await say('/missing 7', '  Chest 7')).toContain('Missing: 1 of 3 locations.\n');
    await quit();
  });

  test('/items counts what has come', async () => {
    const { say, quit } = await atPrompt();
    const told = await say('/items s', '  Sword');
    expect(told).toContain('Items: 2 of 3.\n');
    expect(told).toContain('  Sword  received 1\n');
    const hostile = await say('/items bad', 'Bad<1B>[2J');
    expect(hostile).toContain('Items: 1 of 3.');
    await quit();
  });

  test('groups are asked of the server, and nonsense in its answer is left out', async () => {
    const { say, quit } = await atPrompt();
    const groups = await say('/item_groups', 'Weapons');
    expect(groups.match(/^.*(?:Groups|Broken|Everything|Weapons).*$/gm)).toEqual([
      'Groups of items: 3.',
      '>   Broken',
      '>   Everything',
      '>   Weapons',
    ]);
    expect(await say('/item_groups weapons', '  Sword')).toContain('Weapons: 1.\n');
    expect(await say('/item_groups broken', 'Broken:')).toContain('Broken: 0.\n');
    expect(await say('/location_groups everywhere', '  Chest 7')).toContain('Everywhere: 1.\n');
    await say('/item_groups Hats', 'There is no group of items called "Hats".');
    await say('/disconnect', 'Left the room.');
    expect(await say('/location_groups', 'Everywhere')).toContain('Groups of locations: 1.');
    await quit();
  });

  test('what cannot be had is said, not thrown', async () => {
    const { say, quit } = await atPrompt();
    await say('/disconnect', 'Left the room.');
    await say('/item_groups', 'Not in the room.');
    expect(await quit()).toBe(0);
  });
});

describe('what goes to the room', () => {
  test('/hint is !hint, other text is chat', async () => {
    const { host, room, say, quit } = await atPrompt();
    host.type('/hint Swan Boat');
    host.type('/hint');
    host.type('  hi all ');
    await say('/nonsense x', 'There is no command /nonsense.');
    await quit();
    expect(room.said).toEqual(['!hint Swan Boat', '!hint', 'hi all']);
  });

  test('/ready says it and takes it back', async () => {
    const { room, say, quit } = await atPrompt();
    await say('/ready', 'Ready.');
    await say('/ready', 'Not ready any more.');
    await quit();
    expect(room.ready).toEqual([true, false]);
  });

  test('--observe sends nothing and says why', async () => {
    const { room, say, quit } = await atPrompt(['--observe']);
    await say('hello', 'Only observing: not sent.');
    await say('/hint', 'Only observing: not sent.');
    await say('/ready', 'Only observing: not sent.');
    await quit();
    expect([room.said, room.ready]).toEqual([[], []]);
  });

  test("the host's password is hidden and does not come back", async () => {
    const { host, room, say, everything, quit } = await atPrompt();
    await say('!admin login swordfish99', 'swordfish99');
    const before = host.errText();
    host.stdin.push(UP);
    room.say({ category: 'AdminCommandResult', topic: 'server', text: 'login with swordfish99 failed' });
    await host.shows('login with *** failed');
    await say('/received', 'Received:');
    expect(host.errText().slice(before.length)).not.toContain('swordfish99');
    await quit();
    expect(everything().split(before)[1]).not.toContain('swordfish99');
  });
});

describe('/disconnect and /connect', () => {
  test('leave the room and come back, on the same device', async () => {
    const { host, memory, room, say, quit } = await atPrompt();
    await say('/connect', 'Already in the room at localhost:38281.');
    await say('/disconnect', 'Left the room.');
    await say('/disconnect', 'Not connected to a room.');
    await say('hello?', 'Not connected to the room: not sent.');
    const back = host.errText().length;
    await say('/connect', 'Connecting to localhost:38281.');
    await expect.poll(() => host.errText().slice(back)).toContain('connected as Ana');
    await quit();
    expect(room.joins).toHaveLength(1);
    expect(memory.opened).toHaveLength(1);
  });

  test('/connect ADDRESS moves, and forgets name and password', async () => {
    const room = new TestRoom({ password: PASSWORD });
    const run = await atPrompt(['--slot', 'Ana'], {
      room,
      env: { CAUSEWAY_PASSWORD: PASSWORD },
      modules: [testGame('Rom')],
    });
    await run.say('/connect example.org:5000', 'Password of example.org:5000:');
    run.host.type(PASSWORD);
    await run.host.shows('connected as Rom');
    await run.say('/connect example.org:5000', 'Already in the room at example.org:5000.');
    expect(await run.quit()).toBe(0);
    expect(room.joins.map(({ server, slot }) => [server, slot])).toEqual([
      ['localhost:38281', 'Ana'],
      ['example.org:5000', 'Rom'],
    ]);
    expect(room.passwords).toEqual([PASSWORD, undefined, PASSWORD]);
    expect(room.clients[0]?.status).toBe('closed');
    expect(run.everything()).not.toContain(PASSWORD);
    expect(run.memory.openDevices).toBe(0);
  });

  test('a link brings name and password, which is never repeated and does not come back', async () => {
    const room = new TestRoom();
    const run = await atPrompt([], { room });
    const typed = run.host.errText();
    run.host.type('/connect archipelago://Zoe:hunter22@example.org');
    await run.host.shows('connected as Zoe');
    const echo = run.host.errText().slice(typed.length).split('\n', 1)[0] ?? '';
    run.host.stdin.push(UP);
    await run.say('', '>');
    await run.quit();
    expect(room.joins[1]).toMatchObject({ server: 'example.org:38281', slot: 'Zoe' });
    expect(room.passwords).toEqual([undefined, 'hunter22']);
    expect(run.everything().replace(typed + echo, '')).not.toContain('hunter22');
  });

  test('an address that is none changes nothing', async () => {
    const { say, room, quit } = await atPrompt();
    expect(await say('/connect host:99999', 'not a server address')).not.toContain('at ');
    await say('/received', 'Received: 2 of 2.');
    await quit();
    expect(room.joins).toHaveLength(1);
  });

  test('a refusal after /connect leaves the person at the prompt', async () => {
    const room = new TestRoom({ stranger: 'Zoe' });
    const { host, say, quit } = await atPrompt([], { room });
    const told = await say('/connect archipelago://Zoe@example.org', '/quit ends.');
    expect(told).toContain('! The room did not let us in.');
    expect(told).toContain('error: server_refused_slot');
    await say('/missing', 'Not in a room yet.');
    await say('hello?', 'Not connected to the room: not sent.');
    await say('/ready', 'Not connected to a room.');
    await say('/connect', 'error: server_refused_slot');
    host.type('/connect archipelago://Kim@example.org');
    await host.shows('connected as Kim');
    expect(await quit()).toBe(0);
  });

  test('while nobody is in the room, Ctrl+C ends with 130 and Ctrl+D with 0', async () => {
    for (const [key, code] of [
      ['\u0003', 130],
      ['\u0004', 0],
    ] as const) {
      const { host, done, say } = await atPrompt([], { room: new TestRoom({ stranger: 'Zoe' }) });
      await say('/connect archipelago://Zoe@example.org', '/quit ends.');
      if (code === 130) host.interrupt();
      else host.stdin.push(key);
      expect(await done).toBe(code);
    }
  });
});

describe('categories of text', () => {
  const talk = (room: TestRoom): void => {
    room.say({ category: 'ItemSend', topic: 'incoming', text: 'Ben sent Sword to Ana (Chest 70)' });
    room.say({ category: 'ItemSend', topic: 'outgoing', text: 'Ana sent Hat to Ben (Chest 7)' });
    room.say({ category: 'Hint', topic: 'hint', text: '[Hint]: Sword' });
    room.say({ category: 'Chat', topic: 'chat', text: 'Ben: moin \u001b[2J' });
    room.say({ category: 'Tutorial', topic: 'server', text: 'Welcome' });
  };

  test("go to the game's own screen as --screen says, secrets left out", async () => {
    const room = new TestRoom({ password: PASSWORD });
    const { memory, host, quit } = await atPrompt(['--screen', 'incoming,chat'], {
      room,
      env: { CAUSEWAY_PASSWORD: PASSWORD },
    });
    talk(room);
    await host.shows('Welcome');
    await quit();
    expect(memory.shown).toEqual(['Ben: hello <1B>[2J ***', 'Ben sent Sword to Ana (Chest 70)', 'Ben: moin <1B>[2J']);
  });

  test('are incoming and hints unless somebody says otherwise, with --json as well', async () => {
    const room = new TestRoom();
    const run = startRun(['--server', 'localhost', '--json', '--show', 'none'], { room });
    await run.host.shows('hello');
    talk(room);
    await run.host.shows('Welcome');
    run.host.interrupt();
    await run.done;
    expect(run.memory.shown).toEqual(['Ben sent Sword to Ana (Chest 70)', '[Hint]: Sword']);
    expect(run.host.outText()).toContain('"topic":"hint"');
  });

  test('are shown at the prompt as --show says', async () => {
    const room = new TestRoom();
    const { host, shown, say, quit } = await atPrompt(['--show', 'chat,server'], { room });
    talk(room);
    await host.shows('Welcome');
    const told = shown();
    expect(told).toContain('moin');
    expect(told).not.toContain('[Hint]');
    expect(host.errText()).not.toContain('received    Sword');
    await say('/toggle_prompt chat', 'Shown here: server.');
    await say('/toggle_prompt all', 'Shown here: incoming, outgoing, hint, chat, server.');
    await quit();
  });

  test('/toggle_text switches them on the screen', async () => {
    const room = new TestRoom();
    const { memory, host, say, quit } = await atPrompt(['--screen', 'none'], { room });
    await say('/toggle_text', "Shown on the game's screen: nothing.");
    await say('/toggle_text hint', "Shown on the game's screen: hint.");
    await say('/toggle_text SERVER on', "Shown on the game's screen: hint, server.");
    await say('/toggle_text hint off', "Shown on the game's screen: server.");
    await say('/toggle_text chatter', 'It takes one of incoming, outgoing, hint, chat, server, all');
    await say('/toggle_text hint maybe', 'It takes one of');
    talk(room);
    await host.shows('Welcome');
    await quit();
    expect(memory.shown).toEqual(['Welcome']);
  });

  test('that do not exist are a usage error', async () => {
    const { host, done } = startRun(['--server', 'localhost', '--screen', 'incoming,other']);
    expect(await done).toBe(2);
    expect(host.errText()).toContain('--screen "incoming,other" is not a list of categories.');
  });
});

describe('Tab', () => {
  test('completes commands and names, whatever the case', async () => {
    const { host, room, quit } = await atPrompt();
    // A terminal sends keys one by one; in a paste, Tab is text.
    for (const key of ['/hin', TAB, 'sw', TAB]) host.stdin.push(key);
    await host.shows('/hint Sw');
    for (const key of ['a', TAB, '\r', '/co', TAB, '\r']) host.stdin.push(key);
    await host.shows('Already in the room');
    await quit();
    expect(room.said).toEqual(['!hint Swan Boat']);
  });
});

describe('held checks', () => {
  const MANY = Array.from({ length: 40 }, (_, index) => 100 + index);
  const flooding: GameModule<null> = {
    ...testGame('Ana'),
    step: ({ snapshot }) => ({
      state: null,
      effects: snapshot['flag']?.[0] === 1 ? [{ kind: 'check', locations: MANY }] : [],
      playing: true,
    }),
  };
  const flood = async (argv: readonly string[] = []) => {
    const room = new TestRoom({ locations: [...MANY, 7, 8, 10] });
    const run = await atPrompt(argv, { room, modules: [flooding] });
    run.memory.ram[0x10] = 1;
    return run;
  };

  test('are told, and sent when the person says so', async () => {
    const { host, room, say, quit } = await flood();
    await host.shows('/release sends them, /drop forgets them.');
    expect(room.checked).toEqual([]);
    await say('/release', '40 held checks sent.');
    await say('/release', 'No checks are held.');
    await quit();
    expect(room.checked).toEqual(MANY);
  });

  test('are forgotten when the person says so', async () => {
    const { host, room, say, quit } = await flood();
    await host.shows('40 checks not sent');
    await say('/drop', '40 held checks forgotten.');
    await quit();
    expect(room.checked).toEqual([]);
  });

  test('are none with --release-held', async () => {
    const { room, quit } = await flood(['--release-held']);
    await expect.poll(() => room.checked).toEqual(MANY);
    await quit();
  });
});

test('/help names every command', async () => {
  const { say, quit } = await atPrompt();
  const told = await say('/help', 'Tab completes.');
  const rows = [...told.matchAll(/^(?:> )?(\/\S+) .* {2}\S/gm)].map(([, name]) => name);
  expect(rows).toEqual(PROMPT_COMMANDS.map(({ name, aliases }) => (aliases ? `${name},` : name)));
  await quit();
});

test('/exit is /quit', async () => {
  const { host, done } = await atPrompt();
  host.type('/exit');
  expect(await done).toBe(0);
});
