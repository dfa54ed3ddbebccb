import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnswerQueue } from './answer-queue.js';
import { encodeResults } from './results.js';

const unexpected = expect.objectContaining({ code: 'protocol_unexpected' });
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('answers', () => {
  test('are counted, never messages', () => {
    const queue = new AnswerQueue();
    const got: Uint8Array[] = [];
    queue.expectBytes(3, (answer) => got.push(answer));
    queue.expectBytes(2, (answer) => got.push(answer));
    queue.takeBytes(bytes(1));
    queue.takeBytes(bytes());
    queue.takeBytes(bytes(2, 3, 4));
    expect(got).toEqual([bytes(1, 2, 3)]);
    expect(queue.owedBytes).toBe(1);
    queue.takeBytes(bytes(5));
    expect(got).toEqual([bytes(1, 2, 3), bytes(4, 5)]);
    expect(queue.owedAnswers).toBe(0);
  });

  test('that are given up are taken off the stream to the byte', () => {
    const queue = new AnswerQueue();
    const got: string[] = [];
    const abandon = queue.expectBytes(4, () => got.push('late'));
    queue.expectResults((results) => got.push(...results));
    queue.expectBytes(1, (answer) => got.push(`byte ${answer[0]}`));
    queue.takeBytes(bytes(9));
    abandon();
    abandon();
    expect(queue.owedBytes).toBe(4);
    queue.takeBytes(bytes(9, 9, 9));
    queue.takeText(encodeResults(['info']));
    queue.takeBytes(bytes(7));
    expect(got).toEqual(['info', 'byte 7']);
  });

  test('that nobody asked for are an error', () => {
    const queue = new AnswerQueue();
    expect(() => queue.takeBytes(bytes(1))).toThrow(unexpected);
    expect(() => queue.takeText(encodeResults([]))).toThrow(unexpected);
    queue.expectBytes(2, () => {});
    expect(() => queue.takeText(encodeResults([]))).toThrow(unexpected);
    expect(() => queue.takeBytes(bytes(1, 2, 3))).toThrow(unexpected);
    queue.expectResults(() => {});
    expect(() => queue.takeBytes(bytes(1))).toThrow(unexpected);
    expect(() => queue.takeText('{')).toThrow(expect.objectContaining({ code: 'protocol_malformed' }));
  });

  test('are never waited for with nothing in them', () => {
    const queue = new AnswerQueue();
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => queue.expectBytes(size, () => {})).toThrow(RangeError);
  });

  test('any cut of the stream gives the same answers', () => {
    const answer = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.array(fc.string(), { maxLength: 3 }).map((results) => results),
    );
    const plan = fc.array(fc.tuple(answer, fc.boolean()), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(plan, fc.infiniteStream(fc.integer({ min: 1, max: 17 })), (answers, cuts) => {
        const queue = new AnswerQueue();
        const got: unknown[] = [];
        for (const [content, wanted] of answers) {
          const deliver = (value: unknown): void => void got.push(value);
          const abandon =
            content instanceof Uint8Array ? queue.expectBytes(content.length, deliver) : queue.expectResults(deliver);
          if (!wanted) abandon();
        }
        for (const message of messagesOf(
          answers.map(([content]) => content),
          cuts,
        )) {
          if (typeof message === 'string') queue.takeText(message);
          else queue.takeBytes(message);
        }
        expect(got).toEqual(answers.filter(([, wanted]) => wanted).map(([content]) => content));
        expect([queue.owedAnswers, queue.owedBytes]).toEqual([0, 0]);
      }),
    );
  });

  test('nonsense ends in a coded error and delivers no answer of another size', () => {
    const message = fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.string(), fc.constant(encodeResults(['x'])));
    const sizes = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.array(message, { maxLength: 12 }), (sizes, messages) => {
        const queue = new AnswerQueue();
        for (const size of sizes) {
          if (size === 0) queue.expectResults((results) => expect(results).toEqual(['x']));
          else queue.expectBytes(size, (answer) => expect(answer).toHaveLength(size));
        }
        try {
          for (const one of messages) typeof one === 'string' ? queue.takeText(one) : queue.takeBytes(one);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^protocol_(unexpected|malformed)$/) });
        }
      }),
    );
  });
});

/** What a server may send for these answers: runs of bytes joined and cut anywhere, text messages in one piece. */
const messagesOf = (answers: readonly (Uint8Array | string[])[], cuts: Iterator<number>): (Uint8Array | string)[] => {
  const messages: (Uint8Array | string)[] = [];
  let run: number[] = [];
  const flush = (): void => {
    while (run.length > 0) messages.push(Uint8Array.from(run.splice(0, cuts.next().value)));
    run = [];
  };
  for (const answer of answers) {
    if (answer instanceof Uint8Array) run.push(...answer);
    else {
      flush();
      messages.push(encodeResults(answer));
    }
  }
  flush();
  return messages;
};
