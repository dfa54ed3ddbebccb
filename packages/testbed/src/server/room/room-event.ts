/** What happens in a room, for people, demos and tests. */
export type RoomEvent =
  | { readonly kind: 'joined'; readonly slot: number; readonly name: string; readonly game: string }
  | { readonly kind: 'left'; readonly slot: number; readonly name: string }
  | { readonly kind: 'refused'; readonly name: string; readonly reasons: readonly string[] }
  /** A location was checked and its item registered. */
  | {
      readonly kind: 'sent';
      readonly finder: number;
      readonly finderName: string;
      readonly receiver: number;
      readonly receiverName: string;
      readonly item: number;
      readonly itemName: string;
      readonly location: number;
      readonly locationName: string;
      readonly flags: number;
    }
  /** An item that lay nowhere: from the host, or asked for with `!getitem`. */
  | {
      readonly kind: 'given';
      readonly receiver: number;
      readonly receiverName: string;
      readonly item: number;
      readonly itemName: string;
      readonly count: number;
    }
  | { readonly kind: 'goal'; readonly slot: number; readonly name: string }
  | { readonly kind: 'status'; readonly slot: number; readonly status: unknown }
  | { readonly kind: 'chat'; readonly slot: number; readonly name: string; readonly text: string }
  | { readonly kind: 'hint'; readonly text: string }
  /** A connection was dropped in silence, as the reference server does on what it cannot digest. */
  | { readonly kind: 'dropped'; readonly slot: number; readonly reason: string };
