import type { Step } from '@causeway/bridge/device';
import { describe, expect, it } from 'vitest';
import { BadNetworkRig } from './testing/bad-network.js';
import { codeOf } from './testing/code-of.js';

const write = (offset: number, data: Uint8Array): Step => ({ kind: 'write', at: { domain: 'WRAM', offset }, data });
describe('a write', () => {
  const opened = async () => {
    const rig = new BadNetworkRig(1);
    return { rig, device: await rig.open() };
  };
  const sentWrites = (rig: BadNetworkRig): readonly string[] =>
    rig.emulator.sent.filter((text) => text.includes('WRITE_CORE_MEMORY'));
  const item = write(0x32, Uint8Array.of(1, 2, 3));
  const flag = write(0x30, Uint8Array.of(1));

  it('goes with those beside it, in order, in one datagram', async () => {
    const { rig, device } = await opened();
    expect((await rig.finish(device.run([item, flag]))).ok).toBe(true);
    expect(sentWrites(rig)).toHaveLength(1);
    expect(rig.emulator.commands.filter((text) => text.startsWith('WRITE'))).toEqual([
      'WRITE_CORE_MEMORY 7e0032 01 02 03',
      'WRITE_CORE_MEMORY 7e0030 01',
    ]);
  });

  it('is done although the game takes it in the very next frame', async () => {
    const { rig, device } = await opened();
    rig.onFrame = () => void rig.wram.fill(0, 0x30, 0x40);
    expect((await rig.finish(device.run([item, flag]))).ok).toBe(true);
  });

  it('is done when its answers are lost, and is not sent again', async () => {
    const { rig, device } = await opened();
    rig.emulator.mangle = () => [];
    const run = device.run([item, flag]);
    await rig.pass(100);
    rig.emulator.mangle = (text) => [text];
    expect((await rig.finish(run)).ok).toBe(true);
    expect(sentWrites(rig)).toHaveLength(1);
  });

  it('is unknown when it got lost itself, and is not sent again', async () => {
    const { rig, device } = await opened();
    rig.emulator.faults.loss = 1;
    const run = device.run([item, flag]);
    await rig.pass(1);
    rig.emulator.faults.loss = 0;
    expect(await codeOf(rig.finish(run))).toBe('batch_outcome_unknown');
    expect(sentWrites(rig)).toHaveLength(1);
    expect(rig.wram[0x32]).toBe(0);
    expect(device.status).toBe('closed');
  });

  it.each([
    [
      'old answers come late',
      async (rig: BadNetworkRig) => {
        await rig.pass(1);
        rig.emulator.shout('WRITE_CORE_MEMORY 7e0030 1\n');
        rig.emulator.shout('GET_STATUS PLAYING bsnes-mercury,game,crc32=1234\n');
      },
    ],
    [
      'the answer that says so is lost',
      async (rig: BadNetworkRig) => {
        rig.emulator.mangle = (text) => (text.startsWith('GET_STATUS') ? [] : [text]);
        await rig.pass(100);
        rig.emulator.mangle = (text) => [text];
      },
    ],
  ] as const)('that meets another game ends the device, though %s', async (_, disturb) => {
    const { rig, device } = await opened();
    rig.emulator.status = { state: 'playing', system: 'bsnes-mercury', content: 'game', crc32: 0x9999 };
    const run = device.run([flag]);
    await disturb(rig);
    expect(await codeOf(rig.finish(run))).toBe('batch_outcome_unknown');
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('is not done because an old answer says so', async () => {
    const { rig, device } = await opened();
    rig.emulator.faults.loss = 1;
    const run = device.run([flag]);
    await rig.pass(1);
    rig.emulator.faults.loss = 0;
    rig.emulator.shout('WRITE_CORE_MEMORY 7e0030 1\n');
    expect(await codeOf(rig.finish(run))).toBe('batch_outcome_unknown');
    expect(rig.wram[0x30]).toBe(0);
  });

  it('is done when the game took the flag, and all but one of the answers are lost', async () => {
    const { rig, device } = await opened();
    rig.emulator.mangle = (text) => (text.includes('7e0030 1\n') || text.includes(' 01 02 03') ? [text] : []);
    rig.onFrame = () => void rig.wram.fill(0, 0x30, 0x31);
    const run = device.run([item, flag]);
    await rig.pass(100);
    rig.emulator.mangle = (text) => [text];
    expect((await rig.finish(run)).ok).toBe(true);
  });

  it.each([
    ['refuses', 'descriptor data is readonly', /descriptor data is readonly/],
    ['only claims to carry out', 3, /not there afterwards/],
  ])('that RetroArch %s has failed', async (_, answer, words) => {
    const { rig, device } = await opened();
    rig.answerToWrites = answer;
    const failed = rig.finish(device.run([item]));
    await expect(failed).rejects.toMatchObject({ code: 'batch_step_failed', message: expect.stringMatching(words) });
    rig.answerToWrites = undefined;
    expect((await rig.finish(device.run([item]))).ok).toBe(true);
  });
});
