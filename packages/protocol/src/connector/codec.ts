import type { z } from 'zod';
import { CausewayError } from '../errors/causeway-error.js';
import { ConnectorRequest, ConnectorResponse } from './messages.js';

/** The line that asks for the protocol version; everything else is a JSON array. */
export const VERSION_LINE = 'VERSION';

/** Characters of a peer's line that an error may quote. */
const EXCERPT = 80;

const malformed = (message: string, line: string, cause?: unknown): CausewayError =>
  new CausewayError('protocol_malformed', message, {
    context: { excerpt: line.slice(0, EXCERPT), length: line.length },
    ...(cause === undefined ? {} : { cause }),
  });

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON in ASCII only: neither Lua nor .NET text conversion can then change a byte of it. */
export const toAsciiJson = (value: unknown): string => {
  const json = JSON.stringify(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything up to DEL is left as JSON wrote it
  return /^[\x00-\x7e]*$/.test(json) ? json : json.replace(/[\u007f-\uffff]/g, escapeUnit);
};

/** One request line, without its line end. */
export const encodeRequests = (requests: readonly ConnectorRequest[]): string => toAsciiJson(requests);

/** One answer line, without its line end. */
export const encodeResponses = (responses: readonly ConnectorResponse[]): string => toAsciiJson(responses);

const parseArray = (line: string): unknown[] => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw malformed('The peer sent a line that is not JSON.', line, error);
  }
  if (!Array.isArray(value)) throw malformed('The peer sent JSON that is not an array.', line);
  return value;
};

const parseItems = <T>(schema: z.ZodType<T>, items: readonly unknown[], line: string): T[] =>
  items.map((item, index) => {
    const parsed = schema.safeParse(item);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const place = issue && issue.path.length > 0 ? ` (${issue.path.join('.')})` : '';
    throw malformed(`Item ${index} of the line is not of the protocol${place}.`, line, parsed.error);
  });

/** Checks items that were already parsed from JSON; throws `protocol_malformed`. */
export const parseResponses = (items: readonly unknown[]): ConnectorResponse[] =>
  parseItems(ConnectorResponse, items, '');

/** Messages of one answer line. Unknown fields pass, unknown types do not: `protocol_malformed`. */
export const decodeResponses = (line: string): ConnectorResponse[] =>
  parseItems(ConnectorResponse, parseArray(line), line);

/** Messages of one request line that is not `VERSION`, as a server reads it; throws `protocol_malformed`. */
export const decodeRequests = (line: string): ConnectorRequest[] =>
  parseItems(ConnectorRequest, parseArray(line), line);

/** The number a connector answers `VERSION` with; throws `protocol_malformed` for anything but a decimal number. */
export const decodeVersion = (line: string): number => {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(line)) throw malformed('The peer does not answer with a version number.', line);
  return Number(line);
};
