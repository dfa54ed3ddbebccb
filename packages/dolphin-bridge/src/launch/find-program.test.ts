import { describe, expect, it } from 'vitest';
import { findProgram, type ProgramSearch } from './find-program.js';

const search = (there: readonly string[], options: Partial<ProgramSearch> = {}) =>
  findProgram({
    build: 'qt',
    env: { PATH: '/usr/bin:/opt/bin', HOME: '/home/me' },
    platform: 'linux',
    isProgram: async (path) => there.includes(path),
    ...options,
  });

describe('findProgram', () => {
  it('finds what is installed, also where Debian keeps games', async () => {
    expect(await search(['/opt/bin/dolphin-emu', '/usr/games/dolphin-emu'])).toEqual({
      path: '/opt/bin/dolphin-emu',
      flatpak: false,
    });
    expect((await search(['/usr/games/dolphin-emu'])).path).toBe('/usr/games/dolphin-emu');
    expect((await search(['/usr/games/dolphin-emu-nogui'], { build: 'nogui' })).path).toBe(
      '/usr/games/dolphin-emu-nogui',
    );
  });

  it('takes the Flatpak when there is nothing else', async () => {
    const system = '/var/lib/flatpak/exports/bin/org.DolphinEmu.dolphin-emu';
    const own = '/home/me/.local/share/flatpak/exports/bin/org.DolphinEmu.dolphin-emu';
    expect(await search([system])).toEqual({ path: system, flatpak: true });
    expect(await search([own])).toEqual({ path: own, flatpak: true });
    expect((await search([own, '/usr/games/dolphin-emu'])).flatpak).toBe(false);
    await expect(search([own], { build: 'nogui' })).rejects.toMatchObject({ code: 'device_not_found' });
  });

  it('takes the one that is given, by path or by name', async () => {
    expect((await search(['/apps/Dolphin.AppImage'], { program: '/apps/Dolphin.AppImage' })).path).toBe(
      '/apps/Dolphin.AppImage',
    );
    expect((await search(['/opt/bin/primehack'], { program: 'primehack' })).path).toBe('/opt/bin/primehack');
    await expect(search([], { program: '/apps/Dolphin.AppImage' })).rejects.toMatchObject({
      code: 'file_unreadable',
      fix: expect.stringContaining('executable'),
    });
  });

  it('knows the places of Windows and macOS', async () => {
    const windows = { platform: 'win32', env: { Path: 'C:\\Windows', ProgramFiles: 'C:\\Program Files' } } as const;
    const exe = 'C:\\Program Files\\Dolphin-x64\\Dolphin.exe';
    expect((await search([exe], windows)).path).toBe(exe);
    const inside = '/home/me/Applications/Dolphin.app/Contents/MacOS/Dolphin';
    expect((await search([inside], { platform: 'darwin' })).path).toBe(inside);
    expect((await search([inside], { platform: 'darwin', program: '/home/me/Applications/Dolphin.app' })).path).toBe(
      inside,
    );
  });

  it.each([
    ['linux', 'dolphin-emu'],
    ['win32', 'Dolphin.exe'],
    ['darwin', 'Dolphin.app'],
  ] as const)('says how to get it on %s', async (platform, word) => {
    await expect(search([], { platform })).rejects.toMatchObject({
      code: 'device_not_found',
      fix: expect.stringContaining(word),
    });
  });
});
