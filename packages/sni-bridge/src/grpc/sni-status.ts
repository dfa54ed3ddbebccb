import { Field, type FieldsResponse } from '@causeway/protocol/sni';

/** What a console says of itself. Empty where SNI does not know. */
export interface SniStatus {
  readonly deviceStatus: string;
  readonly coreName: string;
  readonly romFileName: string;
  readonly romHash: string;
}

/**
 * All fields in one call: for NWA emulators SNI leaves names empty unless the version, or the platform, is asked along.
 * Source: `docs/specs/sni.md`, section 3.
 */
export const STATUS_FIELDS: readonly Field[] = [
  Field.DeviceName,
  Field.DeviceVersion,
  Field.DeviceStatus,
  Field.CoreName,
  Field.CoreVersion,
  Field.CorePlatform,
  Field.RomFileName,
  Field.RomHashType,
  Field.RomHashValue,
];

export const readStatus = ({ fields, values }: FieldsResponse): SniStatus => {
  // Values stand in the order of the question, which the answer need not repeat.
  const order = fields.length === values.length ? fields : STATUS_FIELDS;
  const textOf = (field: Field): string => values[order.indexOf(field)] ?? '';
  return {
    deviceStatus: textOf(Field.DeviceStatus).toUpperCase(),
    coreName: textOf(Field.CoreName),
    romFileName: textOf(Field.RomFileName),
    romHash: textOf(Field.RomHashValue).toLowerCase(),
  };
};

/** RetroArch and NWA emulators use different words for a game that stands still, or for none. */
export const isPaused = ({ deviceStatus }: SniStatus): boolean => deviceStatus === 'PAUSED';
export const hasNoGame = ({ deviceStatus }: SniStatus): boolean => /^(CONTENTLESS|NO_GAME|STOPPED)$/.test(deviceStatus);

/** Whether another ROM is loaded than before, as far as both say. */
export const isOtherRom = (before: SniStatus, now: SniStatus): boolean => {
  const differs = (a: string, b: string): boolean => a !== '' && b !== '' && a !== b;
  return differs(before.romHash, now.romHash) || differs(before.romFileName, now.romFileName);
};
