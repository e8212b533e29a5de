import { ShepherdError } from '../../core/errors.ts';
import { DEFAULT_SPEC, type ModelSpec } from '../../core/model/spec.ts';
import { toSeries, type Series } from '../../core/series/price.ts';
import { chooseTransform } from '../../core/series/transform.ts';
import { applySettings, requireSeriesSettingName, type GivenSettings } from '../../core/settings/given.ts';
import type { SeriesSettings } from '../../core/settings/seriesSettings.ts';
import { countChampions } from '../../db/tables/champions.ts';
import { readPriceCsv } from '../../service/csv/priceFile.ts';
import { effectiveSettings, specOfSeries } from '../settings.ts';
import { readStoredHistory } from './storedHistory.ts';
import { symbolOption, textOption, type CommandContext, type Values } from './commands/command.ts';

/** What a replay lives through, and by what. */
export interface ReplayHistory {
  readonly symbol: string;
  readonly series: Series;
  /** The network that a run of the series would train. */
  readonly spec: ModelSpec;
  /** Those that a run of the series would go by, but for what `--set` says. */
  readonly settings: SeriesSettings;
  /** Champions that share the budget of needless retrains, this series' among them. */
  readonly flock: number;
}

/** @throws ShepherdError UNKNOWN_SYMBOL, TOO_FEW_VALUES, INVALID_CSV, INVALID_INPUT, INVALID_CONFIG */
export async function readHistory(context: CommandContext, values: Values): Promise<ReplayHistory> {
  const file = textOption(values, 'file');
  const asked = symbolOption(values);
  const given = givenBy(textOption(values, 'set'));
  if (file !== undefined) {
    const { bars } = await readPriceCsv({ path: file });
    const series = toSeries(bars);
    const spec = { ...DEFAULT_SPEC, transform: chooseTransform(series.closes) };
    return { symbol: asked ?? file, series, spec, settings: applySettings(context.config.settings, given), flock: 1 };
  }
  const symbol = asked ?? context.config.symbols[0];
  const db = await context.database();
  const { kept, series } = await readStoredHistory(db, symbol);
  const settings = applySettings(effectiveSettings(context.config.settings, kept), given);
  const flock = Math.max(1, await countChampions(db));
  return { symbol, series, spec: specOfSeries(DEFAULT_SPEC, kept), settings, flock };
}

/** @throws ShepherdError INVALID_INPUT, INVALID_CONFIG for a name that is no setting. */
function givenBy(text: string | undefined): GivenSettings {
  const pairs = (text?.split(',') ?? []).map((pair) => {
    const [name = '', value = '', ...more] = pair.split('=').map((part) => part.trim());
    if (name !== '' && value !== '' && more.length === 0) return [requireSeriesSettingName(name), value] as const;
    throw new ShepherdError('INVALID_INPUT', `--set takes NAME=VALUE,NAME=VALUE…, not "${pair.slice(0, 80)}".`);
  });
  return Object.fromEntries(pairs);
}
