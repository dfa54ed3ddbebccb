import { encodeBlock } from './blocks.js';
import type { NwaErrorKind, NwaItem, NwaReply, NwaSignal } from './messages.js';

/** A key or value as it can stand on a line of its own. */
const speakable = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');

const keyOf = (text: string): string => speakable(text).replaceAll(':', ' ');

const textOf = (items: readonly NwaItem[]): string => {
  const lines = items.flatMap((item) => [...item].map(([key, value]) => `${keyOf(key)}:${speakable(value)}\n`));
  return `\n${lines.join('')}\n`;
};

/** A reply or a signal as an emulator sends it. Line ends inside of keys and values become spaces. */
export const encodeNwaReply = (reply: NwaReply | NwaSignal): Uint8Array => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  switch (reply.kind) {
    case 'binary':
      return encodeBlock(reply.data);
    case 'text':
      return encode(textOf(reply.items));
    case 'error':
      return encode(
        textOf([
          new Map([
            ['error', reply.error],
            ['reason', reply.reason],
          ]),
        ]),
      );
    case 'signal':
      return encode(`!${reply.name} ${speakable(reply.source)}\n${textOf(reply.items)}`);
  }
};

/** The failure of one command. */
export const nwaError = (error: NwaErrorKind, reason: string): NwaReply => ({ kind: 'error', error, reason });

/** A text reply of these elements; without any, a plain success. Keys of one element must not repeat across its lines. */
export const nwaText = (...items: readonly Readonly<Record<string, string | number>>[]): NwaReply => ({
  kind: 'text',
  items: items.map((item) => new Map(Object.entries(item).map(([key, value]) => [key, String(value)]))),
});
