import { isJsonObject, type Json, type JsonObject, parsePythonJson } from '@causeway/protocol/archipelago';

/** Commands of a recorded message, read without the schemas under test; none when it is no array of objects. */
export const commandsOf = (text: string): readonly JsonObject[] => {
  try {
    const message = parsePythonJson(text);
    return Array.isArray(message) ? (message as readonly Json[]).filter(isJsonObject) : [];
  } catch {
    return [];
  }
};

/** The room as the server's own frames tell it, one after the other. */
export class ExpectedRoom {
  joined = false;
  refused: readonly string[] | undefined;
  items: readonly JsonObject[] = [];
  checked = new Set<number>();
  locations = new Set<number>();
  aliases: Readonly<Record<string, string>> = {};
  /** Types of the PrintJSON since the first login. */
  texts: string[] = [];
  deaths: number[] = [];
  invalid = 0;

  /** @param ownDeaths times of deaths this client sent */
  hear(command: JsonObject, ownDeaths: ReadonlySet<number>, deathLink: boolean): void {
    const { cmd } = command;
    if (cmd === 'Connected') this.#login(command);
    if (cmd === 'ConnectionRefused') this.refused = command['errors'] as readonly string[];
    if (cmd === 'InvalidPacket') this.invalid += 1;
    if (!this.joined) return;
    if (cmd === 'ReceivedItems') {
      this.items = [...this.items.slice(0, Number(command['index'])), ...(command['items'] as readonly JsonObject[])];
    }
    if (cmd === 'RoomUpdate') {
      for (const id of (command['checked_locations'] ?? []) as readonly number[]) this.checked.add(id);
      if (command['players']) this.#seat(command['players'] as readonly JsonObject[]);
    }
    if (cmd === 'PrintJSON') this.texts.push(String(command['type'] ?? ''));
    if (cmd === 'Bounced' && deathLink && ((command['tags'] ?? []) as readonly Json[]).includes('DeathLink')) {
      const time = Number((command['data'] as JsonObject)['time']);
      if (!ownDeaths.has(time)) this.deaths.push(time);
    }
  }

  #login(command: JsonObject): void {
    this.joined = true;
    this.refused = undefined;
    this.items = [];
    const missing = command['missing_locations'] as readonly number[];
    const checked = command['checked_locations'] as readonly number[];
    this.checked = new Set(checked);
    this.locations = new Set([...missing, ...checked]);
    this.#seat(command['players'] as readonly JsonObject[]);
  }

  #seat(players: readonly JsonObject[]): void {
    this.aliases = Object.fromEntries(players.map(({ slot, alias }) => [String(slot), String(alias)]));
  }
}
