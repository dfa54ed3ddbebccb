import {
  DEVICE_FLAGS,
  defineVerb,
  onOff,
  option,
  optionList,
  parseNumber,
  parseText,
  usageError,
} from '@causeway/bridge/cli';

const MOST_PORTS = 65_535;

/** A web origin, as browsers send it; pages opened from a file have the origin `null`. */
const parseOrigin = (text: string, flag: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(text.toLowerCase());
  if (isOrigin) return url.origin;
  if (text === 'null') return text;
  throw usageError(
    `${flag} "${text}" is no origin of web pages.`,
    'An origin is the start of a page’s address: https://tracker.example. For a page opened from a file it is null.',
  );
};

export const SERVE_FLAGS = {
  ...DEVICE_FLAGS,
  port: option('N', 'the port to listen on (default 23074, where programs look for SNI)', (text, flag) =>
    parseNumber(text, flag, { min: 0, max: MOST_PORTS }),
  ),
  listen: option('HOST', 'the address to listen on (default 127.0.0.1: this machine alone)', parseText),
  write: onOff('let clients write to the game; without it they can only read'),
  'allow-origin': optionList(
    'ORIGIN',
    'let web pages from here connect, such as https://tracker.example (repeatable)',
    parseOrigin,
  ),
};

/** The verb that puts our usb2snes server in front of a console. */
export const serveVerb = defineVerb({
  name: 'serve',
  summary: 'puts a usb2snes server in front of a console, for trackers and clients made for SNI or QUsb2Snes',
  details: [
    'Several programs can use it at once; they share the console fairly. A console that is lost is looked for until it is back.',
    'SNI and QUsb2Snes listen on the same port: close them, or choose another port here and in your programs.',
  ],
  operands: [],
  flags: SERVE_FLAGS,
  examples: ['', '--device retroarch://127.0.0.1:55355 --write', '--allow-origin https://tracker.example'],
  load: async () => (await import('./serve-console.js')).serveConsole,
});
