// Our bridge in a process of its own: joins the emulator on one port to the room on another.
import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { silentLogger, startBridge } from '@causeway/bridge';
import { benchModule } from './bench-game.js';
import { serve, tell } from './tell.js';

const [devicePort, server = '', slot = '', offset, count] = process.argv.slice(2);
let exchanges = 0;

const session = startBridge({
  driver: createBizHawkDriver({ ports: [Number(devicePort)] }),
  server,
  slot,
  modules: [benchModule(Number(offset), Number(count))],
  logger: {
    ...silentLogger,
    debug: (event) => {
      if (event === 'bizhawk.send') exchanges++;
    },
  },
});
serve({ exchanges: () => ({ exchanges }) });
void session.done.catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
for await (const event of session.events()) {
  if (event.event === 'server.connected') tell('joined');
  // What keeps a check from being sent belongs into the failure this leads to.
  else if (event.event !== 'location.checked' && event.event !== 'message')
    process.stderr.write(`${JSON.stringify(event)}\n`);
}
