import { meanOf } from '../../core/stats/moments.ts';
import type { FarScore } from './variants.ts';

/** How bands held, overall and in each third of the days by the volatility known before. */
export interface Coverage {
  readonly days: number;
  readonly overall: number;
  /** Calm, middle, wild. */
  readonly terciles: readonly number[];
  /** Slope of log |z| on log volatility and its standard error over non-overlapping information: 0 where spreads react rightly. */
  readonly slope: number;
  readonly slopeError: number;
}

export function coverageOf(scores: readonly FarScore[], horizon: number): Coverage {
  const ordered = scores.filter(({ volatility }) => volatility > 0).sort((a, b) => a.volatility - b.volatility);
  const share = (days: readonly FarScore[]): number => days.filter(({ covered }) => covered).length / days.length;
  const edge = (third: number): number => Math.round((third * ordered.length) / 3);
  const moved = ordered.filter(({ score }) => score > 0);
  const x = moved.map(({ volatility }) => Math.log(volatility));
  const y = moved.map(({ score }) => Math.log(Math.max(score, 1e-3)));
  const [mx, my] = [meanOf(x), meanOf(y)];
  const sxx = x.reduce((sum, each) => sum + (each - mx) ** 2, 0);
  const slope = x.reduce((sum, each, i) => sum + (each - mx) * ((y[i] ?? 0) - my), 0) / sxx;
  const residual = meanOf(y.map((each, i) => (each - my - slope * ((x[i] ?? 0) - mx)) ** 2));
  return {
    days: scores.length,
    overall: share(scores),
    terciles: [0, 1, 2].map((third) => share(ordered.slice(edge(third), edge(third + 1)))),
    slope,
    slopeError: Math.sqrt((residual / sxx) * horizon),
  };
}
