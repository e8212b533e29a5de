import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitScaleModel, distributionAt, viewPrices } from '../../../../core/forecast/scale/scaleModel.ts';
import { KNOTS } from '../../../../core/forecast/scale/samples.ts';
import { slicePrices, type Prices } from '../../../../core/series/price.ts';
import { simulateBars, simulateSeries } from '../../../../lab/simulatedSeries.ts';

const wild = (i: number): number => (i % 240 < 120 ? 0.006 : 0.02);
const series = simulateSeries({ length: 1500, seed: 4, volatility: wild });
const prices: Prices = { closes: series.closes, bars: simulateBars(series, { seed: 5, deviation: wild }) };
const model = fitScaleModel(prices, 'log-return', null)!;
const spreadAt = (given: Prices, horizon = 1): number =>
  distributionAt(viewPrices(model, given, 'log-return', null), horizon).spread;

describe('scale model', () => {
  it('forecasts more spread after wild days than after calm ones, near the true one', () => {
    const [calm, loud] = [1315, 1435].map((end) => {
      const { spread, dof } = distributionAt(viewPrices(model, slicePrices(prices, 0, end), 'log-return', null), 1);
      return spread * Math.sqrt(dof / (dof - 2));
    });
    assert.ok(Math.abs(calm! / 0.006 - 1) < 0.3, `${calm}`);
    assert.ok(Math.abs(loud! / 0.02 - 1) < 0.3, `${loud}`);
  });

  it('reads a window of sixty prices and nothing before it', () => {
    const window = slicePrices(prices, 1340, 1400);
    for (const horizon of [1, 3, 60])
      assert.equal(spreadAt(slicePrices(prices, 0, 1400), horizon), spreadAt(window, horizon));
  });

  it('knows no scale: prices in cents have the same distribution of log returns', () => {
    const cents = (values: Float64Array): Float64Array => values.map((value) => 100 * value);
    const { open, high, low, volume } = prices.bars!;
    const scaled = {
      closes: cents(prices.closes),
      bars: { open: cents(open), high: cents(high), low: cents(low), volume: volume.map((each) => each / 1000) },
    };
    assert.ok(Math.abs(spreadAt(scaled) / spreadAt(prices) - 1) < 1e-9);
  });

  it('widens with the days ahead, without a step between the days that are fitted', () => {
    const spreads = Array.from({ length: 60 }, (_, h) => spreadAt(prices, h + 1));
    for (let h = 1; h < 60; h += 1) {
      const growth = spreads[h]! / spreads[h - 1]!;
      assert.ok(growth > 1 && growth < 1.1 * Math.sqrt((h + 1) / h), `${h + 1} days ahead: ${growth}`);
    }
  });

  it('takes a window with more than one in ten days without a sound bar as closes alone', () => {
    const { open, high, low, volume } = prices.bars!;
    const holes = (count: number): Prices => ({
      closes: prices.closes,
      bars: { open, low, volume, high: high.map((value, i) => (i >= high.length - count ? Number.NaN : value)) },
    });
    const closesAlone = spreadAt({ closes: prices.closes });
    assert.equal(spreadAt(holes(7)), closesAlone);
    assert.notEqual(spreadAt(holes(6)), closesAlone);
  });

  it('fits what little there is, drawn to the flock, and nothing where there is no window or no change', () => {
    assert.equal(fitScaleModel({ closes: prices.closes.subarray(0, 60) }, 'log-return', null), null);
    const short = fitScaleModel(slicePrices(prices, 0, 61), 'log-return', null)!;
    assert.equal(short.bars, null);
    assert.equal(short.closes.length, KNOTS.length);
    assert.ok(short.closes.every(({ dof, coefficients }) => dof > 2 && coefficients.every(Number.isFinite)));
    assert.equal(fitScaleModel({ closes: new Float64Array(400).fill(7) }, 'log-return', null), null);
  });

  it('works on differences of a series through zero', () => {
    const levels = Float64Array.from(series.closes, (close) => close - series.closes[1499]!);
    const fitted = fitScaleModel({ closes: levels }, 'difference', null)!;
    const { spread } = distributionAt(viewPrices(fitted, { closes: levels }, 'difference', null), 1);
    assert.ok(spread > 0 && Number.isFinite(spread));
  });
});
