import { floatText } from './float-text.js';
import { isDict, PyComplex, PyFloat, type PyValue } from './values.js';

const SINGLE = /[\p{C}\p{Zl}\p{Zp}]|[^\P{Zs} ]/u;

/** Whether Python calls a text printable. The reference server refuses chat that is not. */
export const isPrintable = (text: string): boolean => !SINGLE.test(text);

/** A value as Python shows it. Texts for people contain it: tags in Join lines, broken commands in InvalidPacket. */
export const repr = (value: PyValue): string => {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return quoted(value);
  if (value instanceof PyFloat) return floatText(value.value).replace('Infinity', 'inf').replace('NaN', 'nan');
  if (value instanceof PyComplex) return `(${value.real}+${value.imaginary}j)`;
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (isDict(value)) return `{${[...value].map(([key, member]) => `${quoted(key)}: ${repr(member)}`).join(', ')}}`;
  return value.toString();
};

/** A value as Python prints it: texts without quotes. */
export const str = (value: PyValue): string => (typeof value === 'string' ? value : repr(value));

/** The name of a value's type in Python. */
export const typeName = (value: PyValue): string => {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  if (value instanceof PyFloat) return 'float';
  if (value instanceof PyComplex) return 'complex';
  if (Array.isArray(value)) return 'list';
  return isDict(value) ? 'dict' : 'int';
};

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + [...text].map((char) => escaped(char, quote)).join('') + quote;
};

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

const escaped = (char: string, quote: string): string => {
  if (char === quote) return `\\${char}`;
  const short = SHORT[char];
  if (short !== undefined) return short;
  if (isPrintable(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
};
