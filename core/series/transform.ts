import { ShepherdError } from '../errors.ts';

/**
 * How levels become the changes a model and a drift test work on.
 * `log-return` for prices (positive, moves in proportion), `difference` for series that can be zero or negative.
 */
export type Transform = 'log-return' | 'difference';

declare const changes: unique symbol;

/** Day-to-day changes of a series, dimensionless log returns or differences in the series' own unit. Never levels. */
export type Changes = Float64Array & { readonly [changes]: true };

/**
 * Changes of `levels`: n levels give n - 1 changes.
 * @throws ShepherdError INVALID_PRICE for a level that is not finite, or not positive under `log-return`.
 */
export function toChanges(levels: ArrayLike<number>, transform: Transform): Changes {
  const result = new Float64Array(Math.max(0, levels.length - 1));
  let before = Number.NaN;
  for (let i = 0; i < levels.length; i += 1) {
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- i is below the length
    const level = levels[i]!;
    if (!Number.isFinite(level) || (transform === 'log-return' && level <= 0)) {
      const expected = transform === 'log-return' ? 'a finite number above 0' : 'a finite number';
      throw new ShepherdError('INVALID_PRICE', `Value ${i + 1} of the series is ${level}; expected ${expected}.`);
    }
    if (i > 0) result[i - 1] = transform === 'log-return' ? Math.log(level / before) : level - before;
    before = level;
  }
  return asChanges(result);
}

/** Brands numbers that a caller knows to be changes already (read from a file of returns, or simulated). */
export function asChanges(values: Float64Array): Changes {
  return values as Changes; // the name of this function is the promise
}

/** The level reached from `last` by a cumulative change. */
export function applyChange(last: number, change: number, transform: Transform): number {
  return transform === 'log-return' ? last * Math.exp(change) : last + change;
}

/** `log-return` where every level is positive, else `difference`. */
export function chooseTransform(levels: ArrayLike<number>): Transform {
  return Array.from(levels).every((level) => level > 0) ? 'log-return' : 'difference';
}
