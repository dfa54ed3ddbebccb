// Polls the way the reference client's main loop does: at an interval or when items come, PING, then HASH, then what a
// small game asks, each an exchange of its own. Everything else is ours, so that only the polling differs.
import { openMultiworld } from '@causeway/bridge/multiworld';
import { type ConnectorRequest, decodeBase64, decodeResponses, encodeRequests } from '@causeway/protocol/connector';
import { BENCH_GAME, FIRST_LOCATION } from './bench-game.js';
import { LineConnection } from './line-connection.js';
import { serve, tell } from './tell.js';

const [devicePort, server = '', slotName = '', offset, count, intervalMs] = process.argv.slice(2);
const flags = { domain: 'WRAM', address: Number(offset), size: Math.ceil(Number(count) / 8) };

let wake = (): void => {};
const multiworld = openMultiworld({
  address: server,
  slotName,
  game: BENCH_GAME,
  itemsHandling: 7,
  onEvent: (event) => {
    if (event.kind === 'joined') tell('joined');
    if (event.kind === 'items') wake();
    if (event.kind === 'refused') throw event.error;
  },
});

const connection = await LineConnection.open(Number(devicePort));
await connection.exchange('VERSION');
const ask = async (...requests: ConnectorRequest[]) =>
  decodeResponses(await connection.exchange(encodeRequests(requests)));

/** A byte of the game's own state: what guards are made of. */
const [state] = await ask({ type: 'READ', domain: 'WRAM', address: 0, size: 1 });
if (state?.type !== 'READ_RESPONSE') throw new Error('the connector did not read');
const guard = { type: 'GUARD', domain: 'WRAM', address: 0, expected_data: state.value } as const;

/** What a game with three reads does: its state, its flags under guard, its received counter under guard. */
const pass = async (): Promise<void> => {
  await ask({ type: 'PING' });
  await ask({ type: 'HASH' });
  await ask({ type: 'READ', domain: 'WRAM', address: 0, size: 1 });
  const [, read] = await ask(guard, { type: 'READ', ...flags });
  if (read?.type === 'READ_RESPONSE') multiworld.check(seen(decodeBase64(read.value)));
  await ask(guard, { type: 'READ', domain: 'WRAM', address: 0x14, size: 1 });
};

const seen = (bytes: Uint8Array): readonly number[] =>
  Array.from({ length: Number(count) }, (_, flag) => flag)
    .filter((flag) => (((bytes[flag >> 3] ?? 0) >> (flag & 7)) & 1) === 1)
    .map((flag) => FIRST_LOCATION + flag);

serve({ exchanges: () => ({ exchanges: connection.exchanges }) });
for (;;) {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, Number(intervalMs));
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  wake = () => {};
  await pass();
}
