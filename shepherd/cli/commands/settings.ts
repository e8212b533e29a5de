import { ShepherdError } from '../../../core/errors.ts';
import { requireSeriesSettingName } from '../../../core/settings/given.ts';
import {
  DEFAULT_SERIES_SETTINGS,
  SERIES_SETTING_NAMES,
  SERIES_SETTINGS,
  type SeriesSettingName,
  type SeriesSettings,
} from '../../../core/settings/seriesSettings.ts';
import type { SeriesSymbol } from '../../../core/series/symbol.ts';
import { requireSeries } from '../../../db/tables/series.ts';
import { changeSetting, type ChangedSetting } from '../../changeSetting.ts';
import { effectiveSettings } from '../../settings.ts';
import { formatTable } from '../table.ts';
import {
  REASON,
  printResult,
  reasonFor,
  symbolOrFirst,
  textOption,
  type Command,
  type CommandContext,
} from './command.ts';

/** Where a value comes from: the nearest place that gives one. */
type Origin = 'series' | 'environment' | 'default';

interface ListedSetting {
  readonly name: SeriesSettingName;
  /** Null where another setting has taken its place. */
  readonly value: string | null;
  readonly from: Origin | null;
  readonly expected: string;
}

export const settings: Command = {
  name: 'settings',
  summary: 'what a series is kept by and where each value comes from; choose one for this series alone, or unset it',
  usage: 'shepherd settings [--symbol S] [NAME VALUE --reason "…" | --unset NAME --reason "…"] [--json]',
  examples: [
    'shepherd settings --symbol MSFT',
    'shepherd settings --symbol MSFT STALE_AFTER_DAYS 30 --reason "reports every quarter"',
    'shepherd settings --symbol MSFT --unset STALE_AFTER_DAYS --reason "as the others"',
  ],
  options: {
    symbol: { type: 'string', about: 'the series whose settings these are' },
    unset: { type: 'string', about: 'the setting to go back to the environment’s value' },
    reason: REASON,
  },
  async run(context, values, [name, value, ...more]) {
    const symbol = symbolOrFirst(context, values);
    const unset = textOption(values, 'unset');
    if (name === undefined && unset === undefined) return list(context, symbol);
    const change = { name: requireSeriesSettingName(unset ?? name ?? ''), value: unset === undefined ? value : null };
    if (change.value === undefined || more.length > 0 || (unset !== undefined && name !== undefined)) {
      throw new ShepherdError('INVALID_INPUT', `Give a name and one value: ${settings.usage}`);
    }
    const reason = reasonFor('A change', values);
    const request = { symbol, name: change.name, value: change.value, reason };
    const changed = await changeSetting(await context.database(), context.config.settings, request, context.log);
    printResult(context, changed, [describe(changed)]);
    return 0;
  },
};

async function list(context: CommandContext, symbol: SeriesSymbol): Promise<number> {
  const series = await requireSeries(await context.database(), symbol);
  const common = context.config.settings;
  const effective = effectiveSettings(common, series);
  const listed = SERIES_SETTING_NAMES.map((name): ListedSetting => {
    const { read, expected } = SERIES_SETTINGS[name];
    const value = read(effective);
    if (value === undefined) return { name, value: null, from: null, expected };
    return { name, value, from: series.settings[name] === undefined ? originOf(name, common) : 'series', expected };
  });
  const rows = listed.map(({ name, value, from, expected }) => [name, value ?? '-', from ?? '-', expected]);
  printResult(context, { symbol, settings: listed }, formatTable(['setting', 'value', 'from', 'expected'], rows));
  return 0;
}

function originOf(name: SeriesSettingName, common: SeriesSettings): Origin {
  const { read } = SERIES_SETTINGS[name];
  return read(common) === read(DEFAULT_SERIES_SETTINGS) ? 'default' : 'environment';
}

function describe({ symbol, name, before, after }: ChangedSetting): string {
  return `${symbol}: ${name} is ${after ?? 'not in use'} (was ${before ?? 'not in use'}); the next run goes by it.`;
}
