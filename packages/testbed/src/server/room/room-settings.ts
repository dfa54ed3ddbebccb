import type { RoomContext } from './room-context.js';
import type { Mode } from './room-definition.js';
import { permissions } from './room-info.js';

/** What the host may change with `/option`, and how it reads in `!options`. */

type Setting =
  | { readonly kind: 'mode'; readonly field: 'releaseMode' | 'collectMode' | 'remainingMode' | 'countdownMode' }
  | { readonly kind: 'number'; readonly field: 'hintCost' | 'locationCheckPoints' | 'compatibility' }
  | { readonly kind: 'secret'; readonly field: 'password' | 'serverPassword' }
  | { readonly kind: 'switch'; readonly field: 'itemCheat' };

/** In the order `!options` lists them. */
const SETTINGS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ['hint_cost', { kind: 'number', field: 'hintCost' }],
  ['location_check_points', { kind: 'number', field: 'locationCheckPoints' }],
  ['server_password', { kind: 'secret', field: 'serverPassword' }],
  ['password', { kind: 'secret', field: 'password' }],
  ['release_mode', { kind: 'mode', field: 'releaseMode' }],
  ['remaining_mode', { kind: 'mode', field: 'remainingMode' }],
  ['collect_mode', { kind: 'mode', field: 'collectMode' }],
  ['countdown_mode', { kind: 'mode', field: 'countdownMode' }],
  ['item_cheat', { kind: 'switch', field: 'itemCheat' }],
  ['compatibility', { kind: 'number', field: 'compatibility' }],
]);

const MODES: Readonly<Record<'releaseMode' | 'collectMode' | 'remainingMode' | 'countdownMode', readonly Mode[]>> = {
  releaseMode: ['disabled', 'enabled', 'goal', 'auto', 'auto-enabled'],
  collectMode: ['disabled', 'enabled', 'goal', 'auto', 'auto-enabled'],
  remainingMode: ['disabled', 'enabled', 'goal'],
  countdownMode: ['disabled', 'enabled', 'auto'],
};

export const optionLines = (room: RoomContext): readonly string[] =>
  [...SETTINGS].map(([name, setting]) => `Option ${name} is set to ${shown(room, name, setting)}`);

const shown = ({ options }: RoomContext, name: string, setting: Setting): string => {
  if (name === 'server_password') return '*******';
  const value = options[setting.field];
  if (value === undefined) return 'None';
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
};

/** `/option NAME VALUE`: changes a setting, says so, and tells the clients those that concern them. */
export const setOption = (room: RoomContext, name: string, value: string, print: (line: string) => void): void => {
  const setting = SETTINGS.get(name);
  const known = [...SETTINGS.keys()].join(', ');
  const problem = setting ? assign(room, setting, value) : `Unrecognized option '${name}', known: ${known}`;
  if (problem !== undefined) {
    print(problem);
    return;
  }
  print(`Set option ${name} to ${setting?.kind === 'secret' ? '*******' : value}`);
  announceOption(room, name);
};

const assign = ({ options }: RoomContext, setting: Setting, value: string): string | undefined => {
  switch (setting.kind) {
    case 'secret':
      options[setting.field] = value === '' || value.toLowerCase() === 'none' ? undefined : value;
      return undefined;
    case 'switch':
      options[setting.field] = /^(true|on|1|yes)$/i.test(value);
      return undefined;
    case 'number':
      if (!/^\d+$/.test(value)) return `'${value}' is no number`;
      options[setting.field] = Number(value);
      return undefined;
    case 'mode': {
      const mode = MODES[setting.field].find((known) => known === value);
      if (mode === undefined) return `'${value}' is none of ${MODES[setting.field].join(', ')}`;
      options[setting.field] = mode;
      return undefined;
    }
  }
};

/** Passwords and the rest are not announced. */
const announceOption = (room: RoomContext, name: string): void => {
  const update = (fields: object): void => room.outbox.post(room.loggedIn(), [{ cmd: 'RoomUpdate', ...fields }]);
  if (name === 'hint_cost') update({ hint_cost: room.options.hintCost });
  else if (name === 'location_check_points') update({ location_check_points: room.options.locationCheckPoints });
  else if (/^(release|collect|remaining)_mode$/.test(name)) update({ permissions: permissions(room) });
};
