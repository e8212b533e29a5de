import { SERIES_SETTINGS, type SeriesSettingName, type SeriesSettings } from '../core/settings/seriesSettings.ts';
import type { SeriesSymbol } from '../core/series/symbol.ts';
import type { Database } from '../db/connection/client.ts';
import { appendEvent } from '../db/tables/events.ts';
import { lockSettings, saveSettings } from '../db/tables/series.ts';
import type { Log } from '../service/log.ts';
import { effectiveSettings } from './settings.ts';

export interface SettingChange {
  readonly symbol: SeriesSymbol;
  readonly name: SeriesSettingName;
  /** As it is written; null goes back to what the environment says. */
  readonly value: string | null;
  readonly reason: string;
}

/** What holds for the series before and after: null where another setting has taken its place. */
export interface ChangedSetting extends SettingChange {
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Changes one setting of one series and tells of it with its reason in an event, both or neither; runs that begin from now on go by it.
 * @param common of every series that has none of its own: what the whole must agree with.
 * @throws ShepherdError UNKNOWN_SYMBOL, INVALID_CONFIG for a value out of range or one that contradicts another.
 */
export async function changeSetting(
  db: Database,
  common: SeriesSettings,
  change: SettingChange,
  log: Pick<Log, 'event'>,
): Promise<ChangedSetting> {
  const { symbol, name, value, reason } = change;
  const holding = (settings: SeriesSettings): string | null => SERIES_SETTINGS[name].read(settings) ?? null;
  const { changed, event } = await db.transaction(async (client) => {
    const own = await lockSettings(client, symbol);
    const { [name]: _, ...rest } = own;
    const next = value === null ? rest : { ...rest, [name]: value };
    const after = holding(effectiveSettings(common, { symbol, settings: next }));
    const before = holding(effectiveSettings(common, { symbol, settings: own }));
    await saveSettings(client, symbol, next);
    const said = value === null ? `goes by the environment again: ${after ?? 'not in use'}` : `is ${value}`;
    const sentence = `${name} of ${symbol} ${said} (before: ${before ?? 'not in use'}): ${reason}`;
    const payload = { name, value, before, after, words: reason };
    return {
      changed: { ...change, before, after },
      event: await appendEvent(client, { kind: 'settings:changed', symbol, runId: null, payload, sentence }),
    };
  });
  log.event(event);
  return changed;
}
