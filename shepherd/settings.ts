import type { ModelSpec } from '../core/model/spec.ts';
import { applySettings } from '../core/settings/given.ts';
import type { SeriesSettings } from '../core/settings/seriesSettings.ts';
import type { StoredSeries } from '../db/tables/series.ts';

/**
 * What a series is kept by: its own settings, and where it has none those of the environment. Every path asks here.
 * @param series undefined for one that is not stored.
 * @throws ShepherdError INVALID_CONFIG where the two contradict each other.
 */
export function effectiveSettings(
  { decision, gate, drift }: SeriesSettings,
  series: Pick<StoredSeries, 'symbol' | 'settings'> | undefined,
): SeriesSettings {
  const common = { decision, gate, drift };
  return series === undefined ? common : applySettings(common, series.settings, ` of ${series.symbol}`);
}

/** The network of a series: what was chosen for it, and the rest as `base` has it. */
export function specOfSeries(
  base: ModelSpec,
  { model, transform }: Pick<StoredSeries, 'model' | 'transform'>,
): ModelSpec {
  return { ...base, ...model, transform };
}
