// ELF (32-bit big-endian PowerPC) to DOL: a header of 0x100 bytes, then every section that is loaded.
// usage: node elf-to-dol.mjs in.elf out.dol
import { readFileSync, writeFileSync } from 'node:fs';

const HEADER_SIZE = 0x100;
const MOST = { code: 7, data: 11 };
const NOBITS = 8;
const ALLOC = 2;
const EXECUTABLE = 4;

const [input, output] = process.argv.slice(2);
if (!input || !output) throw new Error('usage: node elf-to-dol.mjs in.elf out.dol');
const elf = readFileSync(input);
if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 1 || elf[5] !== 2) throw new Error('not a 32-bit big-endian ELF');

const sections = Array.from({ length: elf.readUInt16BE(0x30) }, (_, index) => {
  const at = elf.readUInt32BE(0x20) + index * elf.readUInt16BE(0x2e);
  const [type, flags, address, offset, size] = [4, 8, 12, 16, 20].map((field) => elf.readUInt32BE(at + field));
  return { type, flags, address, size, bytes: type === NOBITS ? undefined : elf.subarray(offset, offset + size) };
}).filter(({ flags, size }) => flags & ALLOC && size > 0);

const bss = sections.find(({ bytes }) => !bytes) ?? { address: 0, size: 0 };
const code = sections.filter(({ bytes, flags }) => bytes && flags & EXECUTABLE);
const data = sections.filter(({ bytes, flags }) => bytes && !(flags & EXECUTABLE));
if (code.length > MOST.code || data.length > MOST.data) throw new Error('too many sections for a DOL');

const header = Buffer.alloc(HEADER_SIZE);
const parts = [header];
let position = HEADER_SIZE;
const add = ({ address, bytes }, slot) => {
  const size = (bytes.length + 31) & ~31;
  header.writeUInt32BE(position, 4 * slot);
  header.writeUInt32BE(address, 0x48 + 4 * slot);
  header.writeUInt32BE(size, 0x90 + 4 * slot);
  parts.push(bytes, Buffer.alloc(size - bytes.length));
  position += size;
};
for (const [index, section] of code.entries()) add(section, index);
for (const [index, section] of data.entries()) add(section, MOST.code + index);
header.writeUInt32BE(bss.address, 0xd8);
header.writeUInt32BE(bss.size, 0xdc);
header.writeUInt32BE(elf.readUInt32BE(0x18), 0xe0);
writeFileSync(output, Buffer.concat(parts));
