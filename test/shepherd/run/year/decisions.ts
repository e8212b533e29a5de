import type { TradingDay } from '../../../../core/series/day.ts';
import type { PriceBook } from './prices.ts';
import type { CheckRow } from './rows.ts';

/** What must be decided: `told` are the numbers that must stand beside it. */
export interface Decided {
  readonly kind: 'train' | 'retrain' | 'keep' | 'undetermined';
  readonly reason: string;
  readonly told: {
    readonly daysSinceValidation: number | null;
    readonly daysSinceRetrain: number | null;
    readonly recentRetrains: number;
  };
}

export interface DecisionRules {
  readonly staleAfterDays: number;
  readonly cooldownDays: number;
  readonly budgetRetrains: number;
  readonly budgetDays: number;
}

/**
 * Whether to train, by the rules of the year and what the check found. Days are counted on the stored days, and a retrain counts
 * where arms met a gate, whoever asked for it.
 */
export function bookDecision(
  prices: PriceBook,
  rules: DecisionRules,
  known: {
    readonly validatedTo: TradingDay | null;
    readonly gates: readonly TradingDay[];
    /** Those among them that an alarm led to. */
    readonly alarms: readonly TradingDay[];
    readonly check: CheckRow | undefined;
    readonly forced: boolean;
  },
): Decided {
  const { validatedTo, gates, alarms, check, forced } = known;
  const since = (days: readonly TradingDay[]): number | null => {
    const last = [...days].sort().at(-1);
    return last === undefined ? null : prices.daysSince(last);
  };
  const [sinceRetrain, sinceAlarm] = [since(gates), since(alarms)];
  const recent = new Set(gates.filter((day) => prices.daysSince(day) < rules.budgetDays)).size;
  const told = {
    daysSinceValidation: validatedTo === null ? null : prices.daysSince(validatedTo),
    daysSinceRetrain: sinceRetrain,
    recentRetrains: recent,
  };
  const wish = wishOf(check, told.daysSinceValidation ?? 0, rules);
  if (validatedTo === null) return { kind: 'train', reason: 'no-champion', told };
  if (forced) return { kind: 'retrain', reason: 'manual', told };
  const pause = wish === 'stale' ? sinceRetrain : sinceAlarm;
  if (wish !== null && pause !== null && pause < rules.cooldownDays)
    return { kind: 'keep', reason: 'cooling-down', told };
  if (wish !== null && recent >= rules.budgetRetrains) return { kind: 'keep', reason: 'budget-spent', told };
  if (wish !== null) return { kind: 'retrain', reason: wish, told };
  if (check?.verdict === 'undetermined') return { kind: 'undetermined', reason: 'drift-unknown', told };
  return { kind: 'keep', reason: 'fresh', told };
}

function wishOf(check: CheckRow | undefined, daysSinceValidation: number, rules: DecisionRules): string | null {
  if (check?.verdict === 'drifted') return 'drifted';
  if (check?.loss.verdict === 'decayed') return 'decayed';
  return daysSinceValidation > rules.staleAfterDays ? 'stale' : null;
}
