import { QUALITY_DAYS, recentQuality, type ForecastQuality } from '../../../core/forecast/quality.ts';
import { measureUncertainty, type QualityUncertainty } from '../../../core/forecast/uncertainty.ts';
import { findChampion } from '../../../db/tables/champions.ts';
import { listChecks } from '../../../db/tables/checks.ts';
import { findLastDay } from '../../../db/tables/prices.ts';
import { listRuns } from '../../../db/tables/runs.ts';
import { listScores } from '../../../db/tables/scores.ts';
import { listSeries, requireSeries } from '../../../db/tables/series.ts';
import { ONE_SYMBOL, printResult, symbolOption, type Command } from './command.ts';
import { percent } from '../../../core/prose/figures.ts';
import { plural } from '../../../core/prose/plural.ts';

export const status: Command = {
  name: 'status',
  summary: 'one line a series: how fresh, which champion, drifted or not, any good',
  usage: 'shepherd status [--symbol S] [--json]',
  examples: ['shepherd status', 'shepherd status --symbol GSPC'],
  options: { symbol: ONE_SYMBOL },
  async run(context, values) {
    const db = await context.database();
    const wanted = symbolOption(values);
    const series = wanted === undefined ? await listSeries(db) : [await requireSeries(db, wanted)];
    const rows = await Promise.all(
      series.map(async ({ symbol, source }) => {
        const scores = await listScores(db, { symbol, days: QUALITY_DAYS });
        const champion = await findChampion(db, symbol);
        const [check] = await listChecks(db, symbol, 1);
        const [run] = await listRuns(db, { symbol, limit: 1 });
        return {
          symbol,
          source,
          lastDay: (await findLastDay(db, symbol)) ?? null,
          champion:
            champion === undefined
              ? null
              : {
                  version: champion.model.version,
                  trainedTo: champion.model.trainedTo,
                  validatedTo: champion.validatedTo,
                  pin: champion.pin,
                },
          drift:
            check === undefined ? null : { verdict: check.verdict, cause: check.cause, calibratedP: check.calibratedP },
          quality: recentQuality(scores),
          uncertainty: measureUncertainty(scores),
          lastRun:
            run === undefined ? null : { id: run.id, state: run.state, outcome: run.outcome, sentence: run.sentence },
        };
      }),
    );
    printResult(
      context,
      { series: rows },
      rows.length === 0
        ? ['No series yet: start shepherd, or import one with: shepherd import prices.csv --symbol S']
        : rows.map(({ symbol, lastDay, champion, drift, quality, uncertainty, lastRun }) =>
            [
              symbol.padEnd(8),
              `last day ${lastDay ?? 'none'}`,
              champion === null
                ? 'no champion'
                : `model ${champion.version} (validated to ${champion.validatedTo}${champion.pin === null ? '' : ', pinned'})`,
              drift === null ? 'not checked' : drift.verdict,
              describeQuality(quality, uncertainty),
              lastRun === null ? 'no run' : `last run ${lastRun.outcome ?? lastRun.state}`,
            ].join('  '),
          ),
    );
    return 0;
  },
};

function describeQuality(quality: ForecastQuality | null, uncertainty: QualityUncertainty | null): string {
  if (quality === null) return 'not scored';
  const { days, skill } = quality;
  const [low, high] = uncertainty?.skill ?? [null, null];
  const range = low === null ? '' : ` (${percent(low)} to ${percent(high)})`;
  return `skill ${percent(skill)}${range} over ${plural(days, 'day')}`;
}
