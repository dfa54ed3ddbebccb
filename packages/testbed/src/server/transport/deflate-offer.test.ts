import { describe, expect, it } from 'vitest';
import { acceptDeflate, offerText } from './deflate-offer.js';

const answer = (header: string | undefined): string | undefined => {
  const terms = acceptDeflate(header);
  return terms && offerText(terms);
};

describe('acceptDeflate', () => {
  it.each([
    ['permessage-deflate', 'permessage-deflate; server_max_window_bits=11'],
    [
      'permessage-deflate; client_max_window_bits="10"',
      'permessage-deflate; server_max_window_bits=11; client_max_window_bits=10',
    ],
    ['x-other, permessage-deflate; server_max_window_bits=9', 'permessage-deflate; server_max_window_bits=9'],
    [
      'permessage-deflate; server_max_window_bits=8, permessage-deflate; client_no_context_takeover',
      'permessage-deflate; client_no_context_takeover; server_max_window_bits=11',
    ],
  ])('answers %s', (header, terms) => {
    expect(answer(header)).toBe(terms);
  });

  it.each([
    undefined,
    '',
    'x-webkit-deflate-frame',
    'permessage-deflate; server_max_window_bits=16',
    'permessage-deflate; server_max_window_bits',
    'permessage-deflate; client_max_window_bits=8',
    'permessage-deflate; client_max_window_bits=09',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-deflate; unknown',
    'permessage-deflate; client_max_window_bits; client_max_window_bits',
  ])('declines %j', (header) => {
    expect(answer(header)).toBeUndefined();
  });
});
