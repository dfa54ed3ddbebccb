import type { PyValue } from '../python/values.js';
import type { Version } from './room-definition.js';

/** A connection as the room sees it. */
export class Client {
  readonly id: number;
  /** Whether the socket negotiated permessage-deflate; those that did not get a warning after login. */
  readonly compressed: boolean;
  /** Slot it is logged in to; 0 before that. */
  slot = 0;
  version: Version = { major: 0, minor: 0, build: 0 };
  tags: PyValue[] = [];
  /** Bits of items_handling that count: 1 others, 2 own, 4 start inventory. */
  itemsHandling = 0;
  /** Entries of the item list sent so far. */
  sentItems = 0;
  /** Trackers and text clients may not check locations. */
  nonGame = false;
  noText = false;
  admin = false;
  /** Keys it asked to be told about. */
  readonly watching = new Set<string>();

  constructor(id: number, compressed: boolean) {
    this.id = id;
    this.compressed = compressed;
  }

  get loggedIn(): boolean {
    return this.slot !== 0;
  }

  hasTag(tag: string): boolean {
    return this.tags.includes(tag);
  }
}
