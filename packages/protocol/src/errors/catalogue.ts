/**
 * Every error code of Causeway, once. The docs (`docs/errors.md`), the commands and the tests read this table.
 *
 * Codes are stable surface: they may be added, never renamed. The prefix says where a fault arose.
 */

interface ErrorEntry {
  /** `true`: what raised it cannot be used any more (a device is gone, a run is over). */
  readonly fatal: boolean;
  /** What a person can do, one sentence or two. */
  readonly fix: string;
  /** Exit code of a command that ends with this error (1 unexpected, 2 usage, 3 device, 4 server, 5 incompatible). */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 130;
}

export const ERRORS = {
  // A running console and the way to it.
  device_not_found: {
    fatal: true,
    exit: 3,
    fix: 'Start the emulator, load the game (in BizHawk also the connector script: `causeway-bizhawk connector` prints the steps), then try again.',
  },
  device_ambiguous: {
    fatal: true,
    exit: 3,
    fix: 'Several emulators are running. Choose one with --device; `devices` lists them.',
  },
  device_busy: {
    fatal: true,
    exit: 3,
    fix: 'Another client is using this emulator. Close it, or choose another emulator with --device.',
  },
  device_refused: {
    fatal: true,
    exit: 3,
    fix: 'Check that the emulator runs and that what connects it is on: the connector script, network commands, or the server in between.',
  },
  device_foreign: {
    fatal: true,
    exit: 3,
    fix: 'Another program holds this port. Close it, or let the emulator use another port and choose that with --device.',
  },
  device_incompatible: {
    fatal: true,
    exit: 5,
    fix: 'Update the emulator and what connects it; for BizHawk load the connector script that ships with Causeway.',
  },
  device_forbidden: {
    fatal: true,
    exit: 3,
    fix: 'Run Causeway and the emulator as the same user, neither of them as administrator.',
  },
  device_lost: {
    fatal: true,
    exit: 3,
    fix: 'Check that the emulator still runs, with the game and, in BizHawk, the connector script in it.',
  },
  device_closed: { fatal: true, exit: 3, fix: 'Open the device again.' },
  device_timeout: { fatal: false, exit: 3, fix: 'Unpause the game and close open menus, or raise --timeout.' },
  device_unsupported: {
    fatal: false,
    exit: 5,
    fix: 'This emulator or connector cannot do that; see `info` for what it can.',
  },

  // A batch of guards, reads and writes.
  batch_outcome_unknown: {
    fatal: true,
    exit: 3,
    fix: 'The emulator did not say whether it carried this out. Read the memory again before writing.',
  },
  batch_step_failed: {
    fatal: false,
    exit: 1,
    fix: 'Check the memory domain and the address; `info` lists the domains.',
  },
  batch_too_large: { fatal: false, exit: 2, fix: 'Write less at once, or drop the guards so that it may be split.' },
  domain_unknown: {
    fatal: false,
    exit: 2,
    fix: 'Use one of the memory domains that `info` lists. Names are case-sensitive.',
  },
  address_out_of_range: { fatal: false, exit: 2, fix: 'Stay inside the memory domain; `info` prints its size.' },
  address_unmapped: {
    fatal: false,
    exit: 2,
    fix: 'No memory is mapped at this address. `info` lists the domains and their sizes.',
  },
  domain_read_only: { fatal: false, exit: 2, fix: 'This memory cannot be written.' },

  // Bytes of a peer that make no sense.
  protocol_line_too_long: {
    fatal: true,
    exit: 1,
    fix: 'The peer is no connector, or is broken. Check what listens on this port.',
  },
  protocol_malformed: {
    fatal: true,
    exit: 1,
    fix: 'The peer sent something that is not the protocol. Check what listens on this port.',
  },
  protocol_unexpected: {
    fatal: true,
    exit: 1,
    fix: 'The peer answered something else than it was asked. Restart the emulator and what connects it.',
  },

  // Games.
  rom_not_recognised: {
    fatal: true,
    exit: 5,
    fix: 'No game module knows this ROM. Load the patched ROM of your slot, or name a module with --module.',
  },
  rom_near_miss: { fatal: true, exit: 5, fix: 'Load the patched ROM of your slot, not the original game.' },
  game_ambiguous: { fatal: true, exit: 5, fix: 'Several game modules recognise this ROM. Choose one with --game.' },
  game_module_failed: { fatal: true, exit: 1, fix: 'The game module has a bug. Report it with the log file.' },
  module_invalid: { fatal: true, exit: 2, fix: 'The file given to --module must export a game module named `module`.' },
  save_mismatch: {
    fatal: false,
    exit: 1,
    fix: 'This save has taken more items than the room has sent: it belongs to another seed, slot or room. Load the right save.',
  },

  // The multiworld server.
  server_unreachable: {
    fatal: false,
    exit: 4,
    fix: 'Check the address and that the room is awake: open its web page.',
  },
  server_timeout: { fatal: false, exit: 4, fix: 'Check the network; the server did not answer in time.' },
  server_lost: { fatal: false, exit: 4, fix: 'Nothing to do: Causeway reconnects by itself.' },
  server_malformed: {
    fatal: false,
    exit: 4,
    fix: 'The server sent something that is not the protocol. Check the address.',
  },
  server_address_invalid: {
    fatal: true,
    exit: 2,
    fix: 'Give HOST:PORT, ws://…, wss://… or archipelago://SLOT@HOST:PORT.',
  },
  server_refused: { fatal: true, exit: 4, fix: 'The server refused the login. See its reasons.' },
  server_refused_slot: {
    fatal: true,
    exit: 4,
    fix: 'No such slot in this room. Check --slot, upper and lower case included.',
  },
  server_refused_game: { fatal: true, exit: 4, fix: 'This slot plays another game. Check --slot and the ROM.' },
  server_refused_password: {
    fatal: true,
    exit: 4,
    fix: 'Wrong or missing password. Give it with --password-file, CAUSEWAY_PASSWORD or at the prompt.',
  },
  server_refused_version: { fatal: true, exit: 4, fix: 'The room asks for a newer protocol version. Update Causeway.' },
  server_refused_items: {
    fatal: true,
    exit: 4,
    fix: 'The server does not accept this items_handling; the game module has a bug.',
  },
  server_invalid_packet: {
    fatal: false,
    exit: 4,
    fix: 'The server refused one of our packets. Report it with the log file.',
  },
  server_seed_mismatch: { fatal: true, exit: 4, fix: 'This ROM was made for another room. Load the ROM of this room.' },
  room_invalid: { fatal: true, exit: 2, fix: 'Correct the room file, or give a save that belongs to this room.' },
  slot_unknown: { fatal: true, exit: 2, fix: 'The ROM does not say which slot it belongs to. Give --slot NAME.' },

  // The machine we run on.
  port_in_use: {
    fatal: true,
    exit: 1,
    fix: 'Another program holds this port. Close it or choose another with --port.',
  },
  file_unreadable: { fatal: true, exit: 2, fix: 'Check the path and that you may read it.' },
  file_unwritable: { fatal: true, exit: 1, fix: 'Check the path, the permissions and the free space.' },
  emulator_failed: { fatal: true, exit: 1, fix: 'See the emulator output above.' },
  usage: { fatal: true, exit: 2, fix: 'See --help.' },
  interrupted: { fatal: true, exit: 130, fix: 'Stopped on request.' },
  unexpected: { fatal: true, exit: 1, fix: 'This is a bug in Causeway. Report it with the log file.' },
} as const satisfies Record<string, ErrorEntry>;

/** Stable identifier of one kind of failure. */
export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];
