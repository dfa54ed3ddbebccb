/** Where our server is known to answer otherwise than recorded. Every entry must still be needed: the test checks. */
export interface Difference {
  readonly scenario: string;
  readonly connection: string;
  readonly kind: 'order of replies and broadcasts';
  readonly reason: string;
}

const PIPELINED =
  'The client sent several messages without waiting. The reference server then handles those that have already arrived ' +
  'before its broadcasts get a turn, so the place of a broadcast among the replies depends on timing (the same client ' +
  'got the other order on its second login). Ours always sends the broadcasts of a message right after its replies.';

export const DIFFERENCES: readonly Difference[] = [
  {
    scenario: 'client-commonclient-text',
    connection: 'c1',
    kind: 'order of replies and broadcasts',
    reason: PIPELINED,
  },
];
