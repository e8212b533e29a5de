/* eslint-disable @typescript-eslint/no-non-null-assertion -- a close, a bar and a change for each index below the number of changes */
import type { Prices } from '../../series/price.ts';
import { toChanges, type Transform } from '../../series/transform.ts';

/** What each day tells of volatility: one element a change, in the unit of the changes (squared where it says so). */
export interface DailyMeasures {
  readonly changes: Float64Array;
  /**
   * Squared volatility of the day by its range: Garman & Klass (1980, equation 20) from open to close, plus the squared gap
   * since the close before; the squared change where no sound bar is known.
   */
  readonly ranges: Float64Array;
  /** 1 where `ranges` rests on a bar. */
  readonly measured: Uint8Array;
  /** Logarithm of the volume; NaN where none is known. */
  readonly logVolumes: Float64Array;
}

const CLOSE_WEIGHT = 2 * Math.LN2 - 1;
/** Prices come as 32-bit floats at times: an open may lie this part of itself outside of its range. */
const ROUNDING = 1e-6;

/** @throws ShepherdError INVALID_PRICE as `toChanges`. */
export function measureDays({ closes, bars }: Prices, transform: Transform): DailyMeasures {
  const changes = toChanges(closes, transform);
  const ranges = changes.map((change) => change * change);
  const measured = new Uint8Array(changes.length);
  const logVolumes = new Float64Array(changes.length).fill(Number.NaN);
  if (bars !== undefined) {
    const step = (from: number, to: number): number => (transform === 'log-return' ? Math.log(to / from) : to - from);
    for (let k = 0; k < changes.length; k += 1) {
      const [open, high, low, close] = [bars.open[k + 1]!, bars.high[k + 1]!, bars.low[k + 1]!, closes[k + 1]!];
      const volume = bars.volume[k + 1]!;
      if (volume > 0 && volume < Infinity) logVolumes[k] = Math.log(volume);
      if (!isSound(open, high, low, close, transform)) continue;
      const range = step(low, high);
      const within = 0.5 * range * range - CLOSE_WEIGHT * step(open, close) ** 2;
      const gap = step(closes[k]!, open);
      ranges[k] = Math.max(0, within) + gap * gap;
      measured[k] = 1;
    }
  }
  return { changes, ranges, measured, logVolumes };
}

/** Whether a bar has a range and its open and close lie in it; NaN fails every comparison. */
function isSound(open: number, high: number, low: number, close: number, transform: Transform): boolean {
  const slack = ROUNDING * Math.abs(close);
  return (
    high > low &&
    high < Infinity &&
    high + slack >= Math.max(open, close) &&
    low - slack <= Math.min(open, close) &&
    (transform === 'difference' || (low > 0 && open > 0))
  );
}
