import type { ClientPacket } from '@causeway/protocol/archipelago';

const OPERATIONS =
  'replace default add mul pow mod floor ceil max min and or xor left_shift right_shift remove pop update'.split(' ');

/** Why the real server would refuse this packet or drop the connection over it; `undefined` when it would not (`archipelago.md` §4). */
export const offence = (packet: ClientPacket, locations: ReadonlySet<number>): string | undefined => {
  const known = Object.keys(packet);
  switch (packet.cmd) {
    case 'Connect': {
      const wanted = ['cmd', 'password', 'game', 'name', 'uuid', 'version', 'items_handling', 'tags'];
      const missing = wanted.filter((field) => !known.includes(field));
      return missing.length > 0 ? `Connect lacks ${missing.join(', ')}` : undefined;
    }
    case 'LocationChecks':
    case 'LocationScouts': {
      const strange = packet.locations.filter((id) => !locations.has(id));
      return strange.length > 0 ? `${packet.cmd} of ${strange.join(', ')}, which the slot does not have` : undefined;
    }
    case 'CreateHints':
      return packet.player === undefined && packet.locations.some((id) => !locations.has(id))
        ? 'CreateHints of a location the slot does not have'
        : undefined;
    case 'UpdateHint':
      return known.includes('status') ? undefined : 'UpdateHint without status';
    case 'Say':
      return packet.text === '' || /[\p{C}]|(?! )\p{Z}/u.test(packet.text) ? 'Say of something unprintable' : undefined;
    case 'Set':
      if (packet.key.startsWith('_read_')) return 'Set of a read-only key';
      return packet.operations.every(({ operation }) => OPERATIONS.includes(operation))
        ? undefined
        : 'Set with an operation the server does not know';
    case 'GetDataPackage':
      return packet.games === undefined ? 'GetDataPackage of everything' : undefined;
    default:
      return undefined;
  }
};
