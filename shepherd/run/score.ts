import { versionInService } from '../../core/cycle/tenure.ts';
import { advanceForecasts } from '../../core/forecast/advance.ts';
import { meetCloses, type MetForecast } from '../../core/forecast/issued.ts';
import { QUALITY_DAYS, recentQuality, type ForecastQuality } from '../../core/forecast/quality.ts';
import type { DayScore } from '../../core/forecast/score.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { addDays, type TradingDay } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import type { Transform } from '../../core/series/transform.ts';
import { saveBand } from '../../db/tables/champions.ts';
import type { Client } from '../../db/connection/client.ts';
import {
  findLastForecastDay,
  listFormerForecasts,
  listPendingForecasts,
  saveForecasts,
  type PendingForecast,
} from '../../db/tables/forecasts.ts';
import { listTenureStarts } from '../../db/tables/promotions.ts';
import { announcePrices } from '../../db/tables/serving.ts';
import { listScores, saveScores } from '../../db/tables/scores.ts';
import type { LiveChampion } from './champion.ts';
import type { StepOutcome } from './journal.ts';
import { compared, percent } from '../../core/prose/figures.ts';
import { theLast } from '../../core/prose/plural.ts';

export interface ScoreResult {
  /** Forecasts met by their day's close in this run. */
  readonly scored: number;
  readonly issued: number;
  /** One day ahead, over the last 60 scored days; null before the first. */
  readonly quality: ForecastQuality | null;
}

/**
 * Sets earlier forecasts beside the closes that have come, also those of models no longer in service, and records the champion's
 * forecasts of the days to come.
 */
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
  const { transform } = champion.predictor.spec;
  const former = meetFormer(await listFormerForecasts(client, symbol, version), series, transform);
  const own = advanceForecasts({
    predictor: champion.predictor,
    calibration: champion.calibration,
    series,
    band: champion.band,
    pending: await listPendingForecasts(client, symbol, version),
    from: from === -1 ? series.days.length : from,
  });
  const scored = former.length + own.scored.length;
  const earlier = await listScores(client, { symbol, days: QUALITY_DAYS });
  const starts = await listTenureStarts(client, symbol);
  const counts = (of: ModelVersion, { issued: { asOf }, score: { horizon } }: MetForecast): boolean =>
    horizon === 1 && versionInService(starts, asOf) === of;
  const fresh = [
    ...former.filter((met) => counts(met.issued.version, met)),
    ...own.scored.filter((met) => counts(version, met)),
  ].map(({ score }) => score);
  // As `listScores` will give them once they are stored.
  const quality = recentQuality([...earlier, ...fresh].sort((a, b) => (a.day < b.day ? -1 : 1)));
  return {
    result: { scored, issued: own.issued.length, quality },
    write: async (transaction) => {
      await saveForecasts(transaction, symbol, version, own.issued);
      await saveScores(transaction, symbol, version, own.scored.map(toRow));
      for (const met of former) await saveScores(transaction, symbol, met.issued.version, [toRow(met)]);
      await saveBand(transaction, symbol, version, own.band, champion.record.epoch);
      await announcePrices(transaction, symbol);
    },
    events:
      quality === null || scored === 0
        ? []
        : [{ kind: 'forecast:scored', payload: { scored, quality }, sentence: sentenceOf(quality) }],
  };
}

/** The forecasts of models no longer in service whose day has come. */
function meetFormer(
  pending: readonly PendingForecast[],
  series: Series,
  transform: Transform,
): readonly MetForecast<PendingForecast>[] {
  const indexOf = new Map(series.days.map((day, index) => [day, index]));
  return meetCloses(pending, { series, indexOf, transform }, series.days.length - 1).met;
}

function toRow({ issued: { asOf }, score }: MetForecast): { readonly asOf: TradingDay; readonly score: DayScore } {
  return { asOf, score };
}

function sentenceOf({ days, mse, naiveMse, skill, coverage }: ForecastQuality): string {
  const { first, second, equal } = compared(mse, naiveMse, 4);
  const errors = equal ? `MSE ${first}, naive's the same` : `MSE ${first}, naive ${second}`;
  return `Forecasts of ${theLast(days, 'day')}: ${errors}, skill ${percent(skill)}, band held ${percent(coverage)} of them.`;
}
