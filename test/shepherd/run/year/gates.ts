import type { ArmName, Evidence } from '../../../../core/decide/evidence.ts';
import type { TradingDay } from '../../../../core/series/day.ts';
import type { DecisionRow } from './rows.ts';
import type { InService } from './service.ts';

/** What a gate wrote down of one arm. */
export interface ArmNumbers {
  readonly name: ArmName;
  readonly crps: number;
  readonly mse: number;
  readonly pooledDays: number;
  readonly pBetter: number | null;
  readonly pBetterPersistent: number | null;
  readonly pWorse: number | null;
  readonly pPointWorse: number | null;
  readonly pWorseThanNaive: number;
}

/** The numbers of a gate. */
export interface GateNumbers {
  readonly days: number;
  readonly champion: { readonly crps: number; readonly mse: number } | null;
  readonly naive: { readonly crps: number; readonly mse: number };
  readonly arms: readonly ArmNumbers[];
  readonly levelPerArm: number;
}

export function numbersOf(row: DecisionRow): GateNumbers {
  return row.report as GateNumbers; // as the gate stores it; the tests hold each number
}

/** Evidence that a gate remembers, in days. */
const MEMORY = 500;
/** One-sided level at which an arm counts as worse than something. */
const WORSE = 0.05;

/** The arm that goes into service by the rule of the gate: both tests say better, none says worse, and of these the least CRPS. */
export function winnerOf(
  row: DecisionRow | undefined,
  champion: InService | null,
  level: number,
): ArmNumbers | undefined {
  if (row === undefined) return undefined;
  const { arms } = numbersOf(row);
  const passed = arms.filter(
    ({ pBetter, pBetterPersistent, pPointWorse, pWorseThanNaive }) =>
      champion === null ||
      (pBetter! <= level / arms.length &&
        pBetterPersistent! <= level / arms.length &&
        pPointWorse! > WORSE &&
        pWorseThanNaive > WORSE),
  );
  return [...passed].sort((a, b) => a.crps - b.crps)[0];
}

/** Days of evidence against a champion that stays: those carried, and the new ones once more where both saw them. */
export function evidenceAfter(
  champion: InService,
  arms: readonly string[],
  fresh: readonly TradingDay[],
): InService['evidence'] {
  const pooled = Object.entries({ ...Object.fromEntries(arms.map((arm) => [arm, []])), ...champion.evidence }).map(
    ([arm, carried]) => {
      const before = carried.filter((day) => day < fresh[0]!);
      return [arm, arms.includes(arm) ? [...before, ...fresh].slice(-MEMORY) : carried];
    },
  );
  return Object.fromEntries(pooled) as { readonly [arm in keyof Evidence]?: readonly TradingDay[] }; // keys are arms
}
