import type { BandState } from '../../../../core/forecast/band.ts';
import { conformalWidth } from './arithmetic.ts';
import type { Score } from './scores.ts';

/** Step of the bands' adaptation, the miss rate they aim at, its bounds, and the outcomes remembered. */
const [STEP, MISSES, LEAST, MOST, MEMORY] = [0.02, 0.1, 0.005, 0.4, 500];

/** Half-width of the band so many days ahead, in spreads of the forecast. */
export function widthOf(band: BandState, horizon: number): number {
  const { scores, missRate } = band.horizons[horizon - 1]!; // a band has every horizon that is forecast
  return conformalWidth(scores, missRate);
}

/** The bands after one more outcome of their own forecasts: wider asked for where it missed, and its distance remembered. */
export function learn(band: BandState, horizon: number, spread: number, { changeError, covered }: Score): BandState {
  return {
    level: band.level,
    horizons: band.horizons.map(({ missRate, scores }, i) => {
      if (i !== horizon - 1) return { missRate, scores };
      const moved = missRate + STEP * (MISSES - (covered ? 0 : 1));
      const distance = Math.abs(changeError) / spread;
      return { missRate: Math.min(MOST, Math.max(LEAST, moved)), scores: [...scores, distance].slice(-MEMORY) };
    }),
  };
}
