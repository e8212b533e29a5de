import { advanceForecasts, type IssuedForecast } from '../../core/forecast/advance.ts';
import { atHorizon } from '../../core/cycle/heldOut.ts';
import { QUALITY_DAYS, recentQuality, type ForecastQuality } from '../../core/forecast/quality.ts';
import { addDays } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import { saveBand } from '../../db/tables/champions.ts';
import type { Client } from '../../db/connection/client.ts';
import { findLastForecastDay, listPendingForecasts, saveForecasts } from '../../db/tables/forecasts.ts';
import { announcePrices } from '../../db/tables/serving.ts';
import { listScores, saveScores } from '../../db/tables/scores.ts';
import type { LiveChampion } from './champion.ts';
import type { StepOutcome } from './journal.ts';

export interface ScoreResult {
  /** Forecasts met by their day's close in this run. */
  readonly scored: number;
  readonly issued: number;
  /** One day ahead, over the last 60 scored days; null before the first. */
  readonly quality: ForecastQuality | null;
}

/** Sets the champion's earlier forecasts beside the closes that have come, and records its forecasts of the days to come. */
export async function scoreAndForecast(
  client: Client,
  champion: LiveChampion,
  series: Series,
): Promise<StepOutcome<ScoreResult>> {
  const { promotedOn, model } = champion.record;
  const { symbol, version } = model;
  const last = await findLastForecastDay(client, symbol, version);
  // A new champion begins on the day it was promoted: earlier days belong to the one before.
  const begin = last !== undefined && last >= promotedOn ? addDays(last, 1) : promotedOn;
  const from = series.days.findIndex((day) => day >= begin);
  const pending: readonly IssuedForecast[] = await listPendingForecasts(client, symbol, version);
  const { scored, issued, band } = advanceForecasts({
    predictor: champion.predictor,
    calibration: champion.calibration,
    series,
    band: champion.band,
    pending,
    from: from === -1 ? series.days.length : from,
  });
  const earlier = await listScores(client, { symbol, days: QUALITY_DAYS });
  // As `listScores` will give them once they are stored: of what it issued while it was in service.
  const issuedInService = scored.filter(({ issued: { asOf } }) => asOf >= promotedOn).map(({ score }) => score);
  const quality = recentQuality([...earlier, ...atHorizon(issuedInService, 1)]);
  return {
    result: { scored: scored.length, issued: issued.length, quality },
    write: async (transaction) => {
      await saveForecasts(transaction, symbol, version, issued);
      await saveScores(
        transaction,
        symbol,
        version,
        scored.map(({ issued: { asOf }, score }) => ({ asOf, score })),
      );
      await saveBand(transaction, symbol, version, band);
      await announcePrices(transaction, symbol);
    },
    events:
      quality === null || scored.length === 0
        ? []
        : [{ kind: 'forecast:scored', payload: { scored: scored.length, quality }, sentence: sentenceOf(quality) }],
  };
}

function sentenceOf({ days, mse, naiveMse, skill, coverage }: ForecastQuality): string {
  const percent = (ratio: number | null): string => (ratio === null ? 'unknown' : `${(100 * ratio).toFixed(1)} %`);
  return `Forecasts of the last ${days} days: MSE ${mse.toPrecision(4)}, naive ${naiveMse.toPrecision(4)}, skill ${percent(skill)}, band held ${percent(coverage)} of them.`;
}
