import { paired } from '../../paired.ts';
import { meanOf } from '../../stats/moments.ts';

const SAME_SIGN_FROM = 30;
/** Dickey & Fuller (1979), constant, no trend, 1 %, large samples. A unit root that is not rejected is read as levels. */
const DICKEY_FULLER_CRITICAL = -3.43;
/** Returns are nowhere near this; a random walk's sample autocorrelation rarely falls below it (60 values: about one in seven). */
const LEVEL_AUTOCORRELATION = 0.85;

/**
 * A distribution test on prices always finds "drift", because prices wander. True of values that look like levels: all of one
 * sign, or each nearly equal to the one before with a unit root not rejected. Changes of a series that only ever rises look so too.
 */
export function looksLikeLevels(sample: ArrayLike<number>): boolean {
  if (sample.length < SAME_SIGN_FROM) return false;
  const values = Float64Array.from(sample);
  if (values.every((value) => value > 0) || values.every((value) => value < 0)) return true;
  const { autocorrelation, statistic } = dickeyFuller(values);
  return autocorrelation > LEVEL_AUTOCORRELATION && statistic > DICKEY_FULLER_CRITICAL;
}

/** Regression of x[t] on x[t-1] and a constant: the slope, and the t statistic of slope - 1. */
function dickeyFuller(values: Float64Array): { autocorrelation: number; statistic: number } {
  const before = values.subarray(0, -1);
  const now = values.subarray(1);
  const meanBefore = meanOf(before);
  const meanNow = meanOf(now);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [previous, value] of paired(before, now)) {
    const x = previous - meanBefore;
    const y = value - meanNow;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  if (xx === 0) return { autocorrelation: 0, statistic: -Infinity };
  const slope = xy / xx;
  const error = Math.sqrt(Math.max(0, yy - slope * xy) / (now.length - 2) / xx);
  return { autocorrelation: slope, statistic: (slope - 1) / error };
}
