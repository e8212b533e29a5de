import type { Prices } from '../core/series/price.ts';
import { chooseTransform, toChanges } from '../core/series/transform.ts';
import { fitRhythm } from '../core/forecast/rhythm.ts';
import { fitScale, type ScaleFit } from '../core/forecast/scale/fitScale.ts';
import { KNOTS, samplesOf, WIDTH, type Kind } from '../core/forecast/scale/samples.ts';

/** Windows a series gives at most, evenly over its days, so that none speaks for the flock alone. */
const MOST_WINDOWS = 1500;
/** Next to no belief that nothing but the EWMA volatility matters. */
const BELIEF_DAYS = 5;

/** Coefficients over the windows of many series together: what holds of a series of which little is known. */
export function fitFlock(flock: readonly Prices[]): Readonly<Record<Kind, readonly ScaleFit[]>> {
  const fit = (kind: Kind): ScaleFit[] => {
    const samples = flock.map((prices) => {
      const transform = chooseTransform(prices.closes);
      return samplesOf(prices, transform, fitRhythm(toChanges(prices.closes, transform)), kind);
    });
    return KNOTS.map((horizon, knot) => {
      const thinned = samples.flatMap((series) => {
        const { rows, targets, offsets } = series[knot] ?? { rows: [], targets: [], offsets: [] };
        const width = WIDTH[kind];
        const step = Math.max(1, targets.length / MOST_WINDOWS);
        return Array.from({ length: Math.floor(targets.length / step) }, (_, i) => Math.floor(i * step)).map((at) => ({
          row: rows.slice(at * width, (at + 1) * width),
          target: targets[at] ?? 0,
          offset: offsets[at] ?? 0,
        }));
      });
      const sample = {
        rows: Float64Array.from(thinned.flatMap(({ row }) => Array.from(row))),
        targets: Float64Array.from(thinned, ({ target }) => target),
        offsets: Float64Array.from(thinned, ({ offset }) => offset),
        weights: new Float64Array(thinned.length).fill(1),
      };
      const none = { coefficients: new Array<number>(WIDTH[kind]).fill(0), location: 0, dof: 5 };
      // Where one series drifts says nothing of another.
      return { ...fitScale(sample, { prior: none, days: BELIEF_DAYS * horizon }), location: 0 };
    });
  };
  return { closes: fit('closes'), bars: fit('bars') };
}
