import { countDays } from '../../core/cycle/decideRetrain.ts';
import { decide, type RetrainDecision } from '../../core/decide/decision.ts';
import { lastDayOf, type Series } from '../../core/series/price.ts';
import type { SeriesSettings } from '../../core/settings/seriesSettings.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../../db/connection/client.ts';
import { listAlarmDays, listRetrainDays, appendDecision } from '../../db/tables/decisions.ts';
import type { CheckResult } from './checkChampion.ts';
import type { LiveChampion } from './champion.ts';
import type { StepOutcome } from './journal.ts';

export interface DecideRequest {
  readonly runId: RunId;
  readonly symbol: SeriesSymbol;
  readonly series: Series;
  readonly champion: LiveChampion | undefined;
  readonly check: Omit<CheckResult, 'data'> | null;
  /** A person's reason for a retrain, if one asked. */
  readonly manual: string | null;
  /** All that the series is kept by, also what the check and the gate go by: a past decision can be explained by them. */
  readonly settings: SeriesSettings;
}

/** Decides whether to train, from the check, the champion's age and what was spent lately; every answer is a row, also every "no". */
export async function takeDecision(client: Client, request: DecideRequest): Promise<StepOutcome<RetrainDecision>> {
  const { runId, symbol, series, champion, check, manual, settings } = request;
  const day = lastDayOf(series);
  const question = countDays({
    days: series.days,
    tenure: champion?.record ?? null,
    drift: check?.drift ?? null,
    watch: check?.watch ?? null,
    loss: check?.loss ?? null,
    manual,
    pinned: champion?.record.pin?.reason,
    retrainDays: await listRetrainDays(client, symbol),
    alarmDays: await listAlarmDays(client, symbol),
    settings: settings.decision,
  });
  const decision = decide(question);
  const { kind, reason, sentence, numbers } = decision;
  return {
    result: decision,
    write: (transaction) =>
      appendDecision(transaction, {
        runId,
        symbol,
        day,
        stage: 'retrain',
        verdict: kind,
        reason,
        sentence,
        report: { ...numbers, settings },
        question,
      }),
    events: [{ kind: 'retrain:decided', payload: { day, kind, reason, numbers, settings }, sentence }],
  };
}
