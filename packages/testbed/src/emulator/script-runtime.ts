import { Activity } from './activity.js';
import { CommSocket } from './comm-socket.js';
import type { EmulatorOptions } from './emulator-options.js';
import { clientApi } from './lua-api/client.js';
import { consoleApi, osApi } from './lua-api/console.js';
import { emuApi } from './lua-api/emu.js';
import { eventApi } from './lua-api/event.js';
import { gameinfoApi } from './lua-api/gameinfo.js';
import { guiApi } from './lua-api/gui.js';
import type { LuaApiHost } from './lua-api/host.js';
import { joypadApi } from './lua-api/joypad.js';
import { memoryApi } from './lua-api/memory.js';
import { savestateApi } from './lua-api/savestate.js';
import { LuaHost } from './lua-host.js';
import { STEPS, type Step } from './lua-prelude/scheduler.js';
import { LuaSockets } from './lua-socket.js';
import type { LuaSocketServer } from './lua-socket-server.js';
import { type Script, ScriptFiles } from './script-files.js';

const DEFAULT_SEND_BYTES = 4 * 1024 * 1024;

export interface ScriptRuntimeOptions extends EmulatorOptions {
  /** Called with each port a script came to listen on, or reached by `comm`. */
  readonly onBound: (port: number) => void;
  /** The free port that was taken for `port: 0`, whatever a script asks for. */
  readonly freePort?: number;
  /** Its server, if it was bound ahead. */
  readonly reserved?: LuaSocketServer;
}

/** One life of a script: its Lua state and its sockets, from the load of a ROM to the next. */
export class ScriptRuntime {
  readonly #lua: LuaHost;
  readonly #sockets: LuaSockets;
  readonly #comm: CommSocket;

  private constructor(lua: LuaHost, sockets: LuaSockets, comm: CommSocket) {
    this.#lua = lua;
    this.#sockets = sockets;
    this.#comm = comm;
  }

  static async create(script: Script, host: LuaApiHost, options: ScriptRuntimeOptions): Promise<ScriptRuntime> {
    const files = new ScriptFiles(script);
    files.readScript();
    const activity = new Activity(host.clock);
    const notify = (): void => activity.notify();
    const { transport } = options;
    const sockets = new LuaSockets({
      clock: host.clock,
      notify,
      // With a free port wanted, nothing a script asks for may collide with what others hold.
      mapPort: (requested) => (options.port !== 0 || requested === options.freePort ? requested : 0),
      ...(options.reserved === undefined ? {} : { reserved: options.reserved }),
      onBound: options.onBound,
      offered: transport?.kind !== 'comm',
      sendBytes: options.sendBytes ?? DEFAULT_SEND_BYTES,
    });
    const address = transport?.kind === 'comm' ? { host: transport.host, port: transport.port } : undefined;
    const comm = new CommSocket(address, {
      notify,
      logger: host.logger,
      onConnected: () => options.onBound(address?.port ?? 0),
    });
    const lua = await LuaHost.create(
      {
        console: consoleApi(host),
        os: osApi(host),
        emu: emuApi(host),
        memory: memoryApi(host),
        gameinfo: gameinfoApi(host),
        gui: guiApi(host),
        client: clientApi(host),
        event: eventApi(host),
        savestate: savestateApi(host),
        joypad: joypadApi(host),
        socket: sockets.natives(),
        comm: comm.natives(),
        files: files.natives(),
      },
      activity,
      host.logger,
    );
    return new ScriptRuntime(lua, sockets, comm);
  }

  get blocked(): boolean {
    return this.#lua.busy;
  }

  get frozen(): boolean {
    return this.#comm.frozen;
  }

  /** The first port the script listens on, or calls. */
  get port(): number | undefined {
    return this.#sockets.listeningPort ?? this.#comm.port;
  }

  get heapBytes(): number {
    return this.#lua.heapBytes;
  }

  get closed(): boolean {
    return this.#lua.closed;
  }

  run(step: Step, argument?: number): undefined | Promise<void> {
    return this.#lua.run(step, argument);
  }

  /** Lets the script say goodbye, unless it is busy or starts to wait: an end is an end. */
  sayGoodbye(): void {
    if (this.#lua.busy) return;
    // What the script waits for in its exit callback is cut off by the close that follows.
    void this.#lua.run(STEPS.exit);
  }

  close(): void {
    this.#lua.close();
    this.#sockets.destroyAll();
    this.#comm.destroy();
  }
}
