import type { RoomGame } from './room-definition.js';

/** The game of the server itself, which every room has; its checksum is the reference server's. */
export const CORE_GAME_TABLES: RoomGame = {
  items: new Map([['Nothing', -1]]),
  locations: new Map([
    ['Cheat Console', -1],
    ['Server', -2],
  ]),
  itemGroups: new Map([['Everything', ['Nothing']]]),
  locationGroups: new Map([['Everywhere', ['Cheat Console', 'Server']]]),
  checksum: 'ac9141e9ad0318df2fa27da5f20c50a842afeecb',
};
