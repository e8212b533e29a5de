import { DATA_SHARES, rateOf, type Budget, type Watch } from '../budget.ts';
import { levelAt } from '../tailCurve.ts';
import type { WatchCurves } from './calibrateWatch.ts';

/** Below this a limit would alarm at next to nothing. */
const LEAST_LIMIT = 0.5;

/** The level at which a watch alarms under `budget`: of a sum in nats, of KS in squared scaled distance. */
export function limitOf({ tails, together }: WatchCurves, watch: Watch, budget: Budget): number {
  return Math.max(LEAST_LIMIT, levelAt(tails[watch], rateOf(budget, DATA_SHARES[watch]) / together));
}
