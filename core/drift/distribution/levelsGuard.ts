import { ShepherdError } from '../../errors.ts';

const SAME_SIGN_FROM = 30;
/** Dickey & Fuller (1979), constant, no trend, 1 %, large samples. A unit root that is not rejected is read as levels. */
const DICKEY_FULLER_CRITICAL = -3.43;
/** Returns are nowhere near this; a random walk's sample autocorrelation rarely falls below it (60 values: about one in seven). */
const LEVEL_AUTOCORRELATION = 0.85;

/**
 * A distribution test on prices always finds "drift", because prices wander. Refuses values that look like levels: all of one
 * sign, or each nearly equal to the one before with a unit root not rejected.
 * @throws ShepherdError LEVELS_NOT_RETURNS
 */
export function refuseLevels(values: ArrayLike<number>, name: 'reference' | 'current'): void {
  if (!looksLikeLevels(values)) return;
  throw new ShepherdError(
    'LEVELS_NOT_RETURNS',
    `The ${name} values look like price levels, not day-to-day changes (they run from ${values[0]} to ${values[values.length - 1]}); give log returns.`,
  );
}

export function looksLikeLevels(values: ArrayLike<number>): boolean {
  if (values.length < SAME_SIGN_FROM) return false;
  let positive = 0;
  let negative = 0;
  for (let i = 0; i < values.length; i += 1) {
    if (values[i]! > 0) positive += 1;
    if (values[i]! < 0) negative += 1;
  }
  if (positive === values.length || negative === values.length) return true;
  const { autocorrelation, statistic } = dickeyFuller(values);
  return autocorrelation > LEVEL_AUTOCORRELATION && statistic > DICKEY_FULLER_CRITICAL;
}

/** Regression of x[t] on x[t-1] and a constant: the slope, and the t statistic of slope - 1. */
function dickeyFuller(values: ArrayLike<number>): { autocorrelation: number; statistic: number } {
  const n = values.length - 1;
  let meanBefore = 0;
  let meanNow = 0;
  for (let t = 1; t <= n; t += 1) {
    meanBefore += values[t - 1]! / n;
    meanNow += values[t]! / n;
  }
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let t = 1; t <= n; t += 1) {
    const x = values[t - 1]! - meanBefore;
    const y = values[t]! - meanNow;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  if (xx === 0) return { autocorrelation: 0, statistic: -Infinity };
  const slope = xy / xx;
  const error = Math.sqrt(Math.max(0, yy - slope * xy) / (n - 2) / xx);
  return { autocorrelation: slope, statistic: (slope - 1) / error };
}
