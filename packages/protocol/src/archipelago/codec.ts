import type { z } from 'zod';
import { ClientPacket } from './client-packets.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { parsePythonJson, writePythonJson } from './python-json.js';
import { ServerPacket } from './server-packets.js';

/** One command of a message: understood, unknown to us, or broken. Only the first may be acted upon. */
export type Decoded<Packet> =
  | { readonly kind: 'packet'; readonly packet: Packet }
  | { readonly kind: 'unknown'; readonly cmd: string; readonly value: JsonObject }
  | { readonly kind: 'malformed'; readonly cmd: string | undefined; readonly problem: string };

const describe = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'packet'}: ${issue.message}`)
    .join('; ');

const commandsOf = <Packet extends { readonly cmd: string }>(schema: z.ZodDiscriminatedUnion): ReadonlySet<string> => {
  const names = schema.options.map((option) => {
    const { cmd } = (option as z.ZodObject<{ cmd: z.ZodLiteral<Packet['cmd']> }>).shape;
    return cmd.value;
  });
  return new Set(names);
};

const decoder = <Schema extends z.ZodDiscriminatedUnion>(schema: Schema) => {
  type Packet = z.output<Schema>;
  const known = commandsOf(schema);

  const decodeCommand = (value: Json): Decoded<Packet> => {
    const cmd = isJsonObject(value) ? value['cmd'] : undefined;
    if (!isJsonObject(value) || typeof cmd !== 'string') {
      return { kind: 'malformed', cmd: undefined, problem: 'a command is not an object with `cmd`' };
    }
    if (!known.has(cmd)) return { kind: 'unknown', cmd, value };
    const parsed = schema.safeParse(value);
    if (parsed.success) return { kind: 'packet', packet: parsed.data };
    return { kind: 'malformed', cmd, problem: describe(parsed.error) };
  };

  return (text: string): readonly Decoded<Packet>[] => {
    let message: Json;
    try {
      message = parsePythonJson(text);
    } catch (error) {
      return [{ kind: 'malformed', cmd: undefined, problem: `not JSON: ${(error as Error).message}` }];
    }
    return (Array.isArray(message) ? (message as readonly Json[]) : [message]).map(decodeCommand);
  };
};

/**
 * Reads one websocket text message of a server. Never throws: what cannot be read is reported in its place, and the
 * commands before and after it are still there.
 */
export const decodeServerMessage: (text: string) => readonly Decoded<ServerPacket>[] = decoder(ServerPacket);

/** Reads one websocket text message of a client, as {@link decodeServerMessage} does for a server's. */
export const decodeClientMessage: (text: string) => readonly Decoded<ClientPacket>[] = decoder(ClientPacket);

/**
 * Writes one command for a server.
 *
 * The server's decoder turns any object with the key `class` into a Python object, and drops the connection when it
 * cannot (`archipelago.md` §2). So the key is left out everywhere but in `Connect.version`, which needs it.
 */
export const encodeClientPacket = (packet: ClientPacket): string => {
  const encoded = writePythonJson(packet, { omit: 'class' });
  if (packet.cmd !== 'Connect') return encoded;
  const { major, minor, build } = packet.version;
  const version = writePythonJson({ class: 'Version', major, minor, build });
  return `${writePythonJson({ ...packet, version: undefined }, { omit: 'class' }).slice(0, -1)},"version":${version}}`;
};

/** Writes one message for a server: an array of commands, handled in order. */
export const encodeClientMessage = (packets: readonly ClientPacket[]): string =>
  `[${packets.map(encodeClientPacket).join(',')}]`;

/** Writes one message for a client, as it stands. */
export const encodeServerMessage = (packets: readonly ServerPacket[]): string => writePythonJson(packets);
