import { readFile } from 'node:fs/promises';
import { CausewayError } from '@causeway/protocol/errors';
import { z } from 'zod';
import { readJson } from '../python/read-json.js';
import { isDict, PythonError, type PyValue } from '../python/values.js';
import { decodedRoom } from './decoded-room.js';
import { friendlyRoom } from './friendly-room.js';
import type { RoomDefinition } from './room-definition.js';
import { RoomFile } from './room-file.js';

/**
 * Reads a room from text: the small format for people, or the contents of a multidata file as JSON.
 *
 * Throws `room_invalid` with the place that does not fit.
 */
export const readRoom = (text: string): RoomDefinition => {
  try {
    const file = readJson(text);
    if (isDecoded(file)) return decodedRoom(file);
    return friendlyRoom(RoomFile.parse(JSON.parse(text)));
  } catch (error) {
    throw new CausewayError('room_invalid', `This is no room: ${problemOf(error)}.`, { cause: error });
  }
};

/** Reads a room file. Throws `file_unreadable`, `room_invalid`. */
export const readRoomFile = async (path: string): Promise<RoomDefinition> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new CausewayError('file_unreadable', `Cannot read the room file ${path}.`, {
      cause: error,
      context: { path },
    });
  }
  return readRoom(text);
};

/** Only multidata files list the names that log in. */
const isDecoded = (file: PyValue): file is Map<string, PyValue> => isDict(file) && file.has('connect_names');

const problemOf = (error: unknown): string => {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll('\n', ' ');
  return error instanceof PythonError || error instanceof Error ? error.message : String(error);
};
