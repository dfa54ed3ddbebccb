const PER_LINE = 16;

const toHex = (byte: number): string => byte.toString(16).padStart(2, '0');
const toGlyph = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** The classic picture of memory: address, sixteen bytes in two halves, the same as ASCII. */
export const hexDump = (bytes: Uint8Array, offset: number): string[] => {
  const digits = Math.max(4, (offset + bytes.length - 1).toString(16).length);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const row = [...bytes.subarray(at, at + PER_LINE)];
    const left = row.slice(0, 8).map(toHex).join(' ');
    const right = row.slice(8).map(toHex).join(' ');
    const address = (offset + at).toString(16).padStart(digits, '0');
    lines.push(`${address}  ${left.padEnd(23)}  ${right.padEnd(23)}  |${row.map(toGlyph).join('')}|`);
  }
  return lines;
};
