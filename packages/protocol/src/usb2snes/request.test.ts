import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_TEXT_LENGTH } from './limits.js';
import { hasResults, isOpcode, needsAttachment, OPCODES } from './opcodes.js';
import { decodeRequest, encodeRequest, type RequestFlag, type Space } from './request.js';

const malformed = expect.objectContaining({ code: 'protocol_malformed' });
const fault = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('requests', () => {
  test('are the JSON that servers know, Space always in it', () => {
    expect(encodeRequest('GetAddress', ['F50010', '20'])).toBe(
      '{"Opcode":"GetAddress","Space":"SNES","Flags":[],"Operands":["F50010","20"]}',
    );
    expect(encodeRequest('PutAddress', ['2C00', '1'], { space: 'CMD', flags: ['NORESP'] })).toBe(
      '{"Opcode":"PutAddress","Space":"CMD","Flags":["NORESP"],"Operands":["2C00","1"]}',
    );
  });

  test('what is encoded is decoded again', () => {
    const opcode = fc.constantFrom(...OPCODES);
    const space = fc.constantFrom<Space>('SNES', 'CMD');
    const flags = fc.array(fc.constantFrom<RequestFlag>('CLRX', 'SETX', 'NORESP'), { maxLength: 4 });
    const operands = fc.array(fc.string(), { maxLength: 40 });
    fc.assert(
      fc.property(opcode, space, flags, operands, (opcode, space, flags, operands) => {
        expect(decodeRequest(encodeRequest(opcode, operands, { space, flags }))).toEqual({
          opcode,
          space,
          flags,
          operands,
        });
      }),
    );
  });

  test('old clients leave out what they do not need', () => {
    expect(decodeRequest('{"Opcode":"DeviceList"}')).toEqual({ opcode: 'DeviceList', flags: [], operands: [] });
    expect(decodeRequest('{"Opcode":"Info","Space":null,"Flags":null,"Operands":null,"More":1}')).toEqual({
      opcode: 'Info',
      flags: [],
      operands: [],
    });
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '"DeviceList"',
    '{}',
    '{"Opcode":1}',
    '{"Opcode":"Attach","Operands":"name"}',
    '{"Opcode":"Attach","Operands":[1]}',
    `{"Opcode":"${'A'.repeat(65)}"}`,
    `{"Opcode":"Name","Operands":["${'x'.repeat(MAX_TEXT_LENGTH)}"]}`,
    JSON.stringify({ Opcode: 'GetAddress', Operands: Array.from({ length: 1025 }, () => '1') }),
  ])('%.40s is none', (text) => {
    expect(fault(() => decodeRequest(text))).toEqual(malformed);
  });

  test('anything else is a coded error, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const outcome = fault(() => decodeRequest(text));
        if (outcome instanceof Error) expect(outcome).toEqual(malformed);
      }),
    );
  });
});

describe('opcodes', () => {
  test('are known by their exact spelling', () => {
    expect(isOpcode('DeviceList')).toBe(true);
    expect(['devicelist', 'Stream', 'Fence', 'Binary', '', 'constructor'].filter(isOpcode)).toEqual([]);
  });

  test('five may be asked before Attach', () => {
    expect(OPCODES.filter((opcode) => !needsAttachment(opcode))).toEqual([
      'DeviceList',
      'Attach',
      'AppVersion',
      'Name',
      'Close',
    ]);
  });

  test('Attach is never answered', () => {
    expect(OPCODES.filter(hasResults)).toEqual(['DeviceList', 'AppVersion', 'Info', 'List', 'GetFile']);
  });
});
