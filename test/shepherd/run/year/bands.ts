import type { BandState } from '../../../../core/forecast/band.ts';
import { studentTCdf } from '../../../../core/stats/studentT.ts';
import type { Score } from './scores.ts';

/** Step of the bands' adaptation, the miss rate they aim at, and its bounds. */
export const STEP = 0.005;
const [MISSES, LEAST, MOST] = [0.1, 0.005, 0.4];

/** Half-width of the band so many days ahead, in spreads of a forecast with so many degrees of freedom. */
export function widthOf(band: BandState, horizon: number, dof: number): number {
  const { missRate } = band.horizons[horizon - 1]!; // a band has every horizon that is forecast
  let [low, high] = [0, 1e3];
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (studentTCdf(middle, dof) < 1 - missRate / 2) low = middle;
    else high = middle;
  }
  return low;
}

/** The bands after one more outcome of their own forecasts: wider asked for where it missed. */
export function learn(band: BandState, horizon: number, { covered }: Score): BandState {
  return {
    level: band.level,
    horizons: band.horizons.map(({ missRate, scores }, i) => {
      if (i !== horizon - 1) return { missRate, scores };
      const moved = missRate + STEP * (MISSES - (covered ? 0 : 1));
      return { missRate: Math.min(MOST, Math.max(LEAST, moved)), scores };
    }),
  };
}
