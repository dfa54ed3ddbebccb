import type { Serializable } from 'node:child_process';

type Fields = Readonly<Record<string, unknown>>;

/** Says something to the bench that started this process. */
export const tell = (kind: string, fields: Fields = {}): void => {
  process.send?.({ kind, ...fields } as Serializable);
};

/** Answers messages `{ kind, … }` of the bench, each with a message of the same kind. */
export const serve = (answers: Readonly<Record<string, (fields: Fields) => Fields | Promise<Fields>>>): void => {
  process.on('message', async (message: { readonly kind: string } & Fields) => {
    const answer = await answers[message.kind]?.(message);
    tell(message.kind, answer);
  });
  // A bench that died must not leave its processes behind.
  process.on('disconnect', () => process.exit());
};
