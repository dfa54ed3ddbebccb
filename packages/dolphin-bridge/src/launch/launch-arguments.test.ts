import { describe, expect, it } from 'vitest';
import { FLATPAK_ID } from './find-program.js';
import { type LaunchFlags, launchArguments, launchCommand } from './launch-arguments.js';

const flags = (change: Partial<LaunchFlags> = {}): LaunchFlags => ({
  image: '/games/a game.iso',
  userFolder: '/profiles/me',
  build: 'qt',
  flatpak: false,
  headless: false,
  config: {},
  ...change,
});
const settings = (args: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    args.flatMap((arg, at) => {
      const [key = '', ...value] = arg.split('=');
      return args[at - 1] === '-C' ? [[key, value.join('=')]] : [];
    }),
  );

describe('launchArguments', () => {
  it('asks no questions, has its own folder and ends with the game', () => {
    const args = launchArguments(flags());
    expect(settings(args)).toMatchObject({
      'Dolphin.Interface.ConfirmStop': 'False',
      'Dolphin.Analytics.PermissionAsked': 'True',
    });
    expect(args.slice(0, 2)).toEqual(['-u', '/profiles/me']);
    expect(args.slice(-3)).toEqual(['-b', '-e', '/games/a game.iso']);
    expect(args).not.toContain('-v');
  });

  it('needs neither screen nor sound when headless', () => {
    const args = launchArguments(flags({ build: 'nogui', headless: true }));
    expect(args.slice(0, 2)).toEqual(['-p', 'headless']);
    expect(args.join(' ')).toContain('-v Null');
    expect(settings(args)['Dolphin.DSP.Backend']).toBe('No Audio Output');
    expect(args).not.toContain('-b');
  });

  it('lets settings of the caller win, but not over the debugger socket that was asked for', () => {
    const config = { 'Dolphin.Interface.ConfirmStop': 'True', 'Dolphin.General.GDBSocket': '/elsewhere' };
    const set = settings(launchArguments(flags({ config, gdbSocket: '/run/me/gdb' })));
    expect(set['Dolphin.Interface.ConfirmStop']).toBe('True');
    expect(set['Dolphin.General.GDBSocket']).toBe('/run/me/gdb');
  });

  it('begins from a state', () => {
    expect(launchArguments(flags({ saveState: '/states/1.sav' })).join(' ')).toContain('-s /states/1.sav');
  });

  it.each([
    ['no key', 'Dolphin', 'x'],
    ['a key with a value in it', 'Dolphin.Core.MMU=True', 'x'],
    ['a value of two lines', 'Dolphin.Core.MMU', 'True\nFalse'],
  ])('refuses a setting with %s', (_, key, value) => {
    expect(() => launchArguments(flags({ config: { [key]: value } }))).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});

describe('launchCommand', () => {
  it('runs the program itself, so that the child is Dolphin', () => {
    expect(launchCommand('/usr/games/dolphin-emu', FLATPAK_ID, flags()).file).toBe('/usr/games/dolphin-emu');
  });

  it('lets a Flatpak see the game, the folder and the socket', () => {
    const { file, args } = launchCommand('/x', FLATPAK_ID, flags({ flatpak: true, gdbSocket: '/run/me/gdb' }));
    expect(file).toBe('flatpak');
    expect(args.slice(0, 5)).toEqual([
      'run',
      '--filesystem=/games:ro',
      '--filesystem=/profiles/me',
      '--filesystem=/run/me',
      FLATPAK_ID,
    ]);
  });
});
