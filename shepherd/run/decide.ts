import { decide, type Decision } from '../../core/decide/decision.ts';
import type { DecisionSettings } from '../../core/decide/settings.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import type { Client } from '../../db/connection/client.ts';
import { listRetrainDays, appendDecision } from '../../db/tables/decisions.ts';
import type { CheckResult } from './check.ts';
import type { LiveChampion } from './champion.ts';
import type { StepOutcome } from './journal.ts';

export interface DecideRequest {
  readonly runId: string;
  readonly symbol: string;
  readonly series: Series;
  readonly champion: LiveChampion | undefined;
  readonly check: CheckResult | null;
  /** A person's reason for a retrain, if one asked. */
  readonly manual: string | null;
  readonly settings: DecisionSettings;
}

/** Decides whether to train, from the check, the champion's age and what was spent lately; every answer is a row, also every "no". */
export async function decideRetrain(client: Client, request: DecideRequest): Promise<StepOutcome<Decision>> {
  const { runId, symbol, series, champion, check, manual, settings } = request;
  const day = series.days.at(-1)!;
  const retrains = await listRetrainDays(client, symbol);
  const daysSince = (since: TradingDay): number => series.days.filter((each) => each > since).length;
  const last = retrains.at(-1);
  const decision = decide({
    champion: champion === undefined ? null : { daysSinceValidation: daysSince(champion.record.validatedTo) },
    drift: check?.drift ?? null,
    decay: check?.loss ?? null,
    manual,
    daysSinceRetrain: last === undefined ? null : daysSince(last),
    recentRetrains: retrains.filter((each) => daysSince(each) < settings.budgetDays).length,
    settings,
  });
  return {
    result: decision,
    write: (transaction) =>
      appendDecision(transaction, {
        runId,
        symbol,
        day,
        stage: 'retrain',
        verdict: decision.kind,
        reason: decision.reason,
        sentence: decision.sentence,
        report: decision.numbers,
      }),
    events: [
      {
        kind: 'retrain:decided',
        payload: { day, kind: decision.kind, reason: decision.reason, numbers: decision.numbers },
        sentence: decision.sentence,
      },
    ],
  };
}
