/** Who serves. Both well-known servers can hold the same port, so this is always asked. */
export type AppKind = 'sni' | 'qusb2snes' | 'causeway' | 'other';

export interface AppVersion {
  readonly kind: AppKind;
  /** What stands behind the name: `0.0.100`. Empty where there is none. */
  readonly version: string;
  /** As answered. */
  readonly text: string;
}

const NAMES: readonly (readonly [RegExp, AppKind])[] = [
  [/^SNI-/i, 'sni'],
  [/^QUsb2Snes-/i, 'qusb2snes'],
  // QUsb2Snes on its old port, for clients that expect the first of all servers.
  [/^(?=7\.42\.)/, 'qusb2snes'],
  [/^Causeway-/i, 'causeway'],
];

/** Reads the answer to `AppVersion`. */
export const parseAppVersion = (text: string): AppVersion => {
  for (const [name, kind] of NAMES) if (name.test(text)) return { kind, version: text.replace(name, ''), text };
  return { kind: 'other', version: '', text };
};
