// The large room, in a process of its own.
import { readRoom, startServer } from '@causeway/testbed/server';
import { bigRoom } from '../support/big-room.js';
import { tell } from './tell.js';

const server = await startServer({ room: readRoom(bigRoom(Number(process.argv[2]))) });
process.on('disconnect', () => process.exit());
tell('listening', { port: server.port });
