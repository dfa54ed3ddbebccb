import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeCell } from '@causeway/bridge/game';
import {
  COGS_NEEDED,
  type DolphinBuild,
  dolphinProgramPath,
  FREE,
  GAME_IDS,
  IDENT,
  ITEMS,
  MEM1_BASE,
  PLAYER,
  readDolphinProgram,
  readIdent,
  SCENES,
  STAGES,
  STATE,
  STATS,
  stampProgram,
} from '@causeway/testbed/dolphin-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { DOLPHIN_PROBE, Dolphin } from './dolphin.js';
import { GuestMemory } from './guest-memory.js';
import { until } from './until.js';

const BUILDS = Object.keys(GAME_IDS) as DolphinBuild[];
const script = fileURLToPath(new URL('../../../packages/testbed/dolphin/build.sh', import.meta.url));
/** Other versions make other instructions of the same source. */
const COMPILER = ['sh', '-c', 'powerpc-linux-gnu-gcc -dumpfullversion | grep -qx 12.2.0'] as const;

describe.skipIf(!toolAvailable('powerpc-gcc', COMPILER))('the committed programs', () => {
  it('are what their source compiles to, byte for byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-rillgate-'));
    try {
      execFileSync('bash', [script, folder], { timeout: 60_000 });
      for (const build of BUILDS) {
        const built = readFileSync(join(folder, `rillgate-${build}.dol`));
        expect(Buffer.compare(built, readFileSync(dolphinProgramPath(build))), build).toBe(0);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const codeOf = (name: string): number => ITEMS.find((item) => item.name === name)!.code;
const mail = (code: number, index: number): number =>
  Buffer.of(0xa5 ^ code ^ (index >> 8) ^ (index & 0xff), code, index >> 8, index & 0xff).readUInt32BE();

const inRillgate = async (
  build: DolphinBuild,
  delivery: 'game' | 'client',
  scene: (memory: GuestMemory) => Promise<void>,
): Promise<void> => {
  const program = stampProgram(readDolphinProgram(build), { slotName: 'Ana', seed: 'W1', delivery });
  await using dolphin = await Dolphin.start({ program });
  using memory = GuestMemory.of(dolphin.pid);
  memory.set(STATE.pace, 0);
  await memory.inGame();
  await scene(memory);
};

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_PROBE)).each(BUILDS)('Rillgate on a real %s', (build) => {
  it('takes the entry it waits for, once, and throws every other away', () =>
    inRillgate(build, 'game', async (memory) => {
      expect(memory.bytes({ offset: 0, size: 6 }).toString()).toBe(GAME_IDS[build]);
      expect(readIdent(memory.bytes(IDENT.block))).toMatchObject({ kind: 'stamped', ident: { slotName: 'Ana' } });
      const post = async (word: number): Promise<void> => {
        memory.set(STATE.mail, word);
        await until(() => memory.get(STATE.mail) === 0, 'An empty mailbox');
      };
      for (const index of [0, 0, 2, 1, 1, 0]) await post(mail(codeOf('Cog') + index, index));
      // Half of a word: one of two writers was seen between its bytes.
      await post(mail(codeOf('Pear'), 2) & 0xffff);
      await post((mail(codeOf('Pear'), 2) & 0xffff0000) >>> 0);
      expect(memory.get(STATE.taken)).toBe(2);
      expect([...memory.bytes(STATE.bag).subarray(0, 3)]).toEqual([codeOf('Cog'), codeOf('Cog') + 1, 0]);
      await post(mail(codeOf('Pear'), 2));
      expect(memory.get(STATE.taken)).toBe(3);
    }));

  it('empties the give array one by one, in order, counts nothing and saves both', () =>
    inRillgate(build, 'client', async (memory) => {
      await memory.command('save');
      for (let place = 0; place < STATE.give.size; place++) {
        memory.set({ ...STATE.taken, offset: STATE.give.offset + place, size: 1 }, 1 + (place % 9));
      }
      await until(() => memory.bytes(STATE.give).every((code) => code === FREE), 'An empty array');
      const bag = [...memory.bytes(STATE.bag).subarray(0, memory.get(STATE.taken))];
      expect(bag).toEqual(Array.from({ length: 16 }, (_, place) => 1 + (place % 9)));
      expect(memory.get(STATE.expected)).toBe(0);
      await memory.command('load');
      await memory.inGame();
      expect(memory.get(STATE.taken)).toBe(0);
    }));

  it('moves its player with every stage, keeps chests apart until one is left, dies and stands up', () =>
    inRillgate(build, 'game', async (memory) => {
      const health = (): number => {
        const stats = memory.wordAt(memory.get(STATE.player) + PLAYER.stats);
        return memory.bytes({ offset: stats - MEM1_BASE + STATS.health, size: 2 }).readUInt16BE();
      };
      await memory.command('openChest', 4);
      expect(memory.get(STATE.stageChests)).toBe(0b10000);
      expect([...memory.bytes(STATE.chests)]).toEqual([0, 0, 0, 0]);
      const before = memory.get(STATE.player);
      await memory.command('setStage', 2);
      expect(memory.get(STATE.player)).toBe(0);
      await memory.inGame();
      expect([...memory.bytes(STATE.chests)]).toEqual([0b10000, 0, 0, 0]);
      expect(memory.get(STATE.stageChests)).toBe(2 << 24);
      expect(memory.bytes(STATE.stageName).toString().replaceAll('\0', '')).toBe(STAGES[2]!.name);
      expect(memory.get(STATE.player)).not.toBe(before);
      expect(health()).toBe(12);
      await memory.command('kill');
      await until(() => memory.get(STATE.scene) === SCENES.dead, 'The death');
      await memory.inGame();
      expect([memory.get(STATE.deaths), health()]).toEqual([1, 12]);
    }));

  it('goes back to its save by a reset, and plays itself to the goal', () =>
    inRillgate(build, 'game', async (memory) => {
      const post = async (code: number): Promise<void> => {
        memory.set(STATE.mail, mail(code, memory.get(STATE.taken)));
        await until(() => memory.get(STATE.mail) === 0, 'An empty mailbox');
      };
      await post(codeOf('Lantern'));
      await memory.command('save');
      await post(codeOf('Pear'));
      const [id, nonce] = [memory.get(STATE.saveId), memory.get(STATE.nonce)];
      await memory.command('softReset');
      await memory.inGame();
      expect([memory.get(STATE.taken), memory.get(STATE.saveId)]).toEqual([1, id]);
      expect(memory.get(STATE.nonce)).not.toBe(nonce);
      for (const code of ['Ladder', 'Boat'].map(codeOf)) await post(code);
      for (let cogs = 0; cogs < COGS_NEEDED; cogs++) await post(codeOf('Cog'));
      memory.set(STATE.pace, 1);
      await until(() => memory.get(STATE.goal) === 1, 'The goal');
      const open = [...memory.bytes(STATE.chests)];
      const here = decodeCell(STATE.stageId, memory.bytes(STATE.stageId));
      open[here]! |= memory.get(STATE.stageChests) & 0xff;
      expect(open).toEqual([63, 63, 63, 63]);
    }));
});
