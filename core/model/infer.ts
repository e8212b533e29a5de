import { ShepherdError } from '../errors.ts';
import { wholeNumber } from '../prose/figures.ts';
import { lastValues } from '../series/price.ts';
import { changesOf, featuresOf } from './features.ts';
import { readHead } from './head.ts';
import { withKernel } from './kernel/acquire.ts';
import { layoutOf, toParameters } from './layout.ts';
import type { ChangeDistribution, Network, Predictor } from './network.ts';
import { Pass } from './pass.ts';
import { RowPass } from './rowPass.ts';

/** Windows forecast in one call of the kernel; more are done in turns, so that memory stays bounded. */
const BATCH = 32;

/**
 * A predictor over the exported weights, by the kernel alone (no tfjs).
 * @throws ShepherdError INVALID_ARTIFACT when the weights do not fit the spec or are not finite.
 */
export function createPredictor(network: Network): Predictor {
  const { spec, scale } = network;
  const { window, horizon, transform } = spec;
  const layout = layoutOf(spec);
  const parameters = toParameters(layout, network.weights);
  const steps = window - 1;
  const row = new RowPass(layout, steps);
  const read = (closes: ArrayLike<number>) => {
    const { values, volatility } = featuresOf(changesOf(closes, transform), scale, steps);
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- a volatility a change, and a window has so many
    return { values, volatility: volatility[steps - 1]! };
  };

  const forecastOne = (closes: ArrayLike<number>): ChangeDistribution[] => {
    const { values, volatility } = read(closes);
    return withKernel((kernel, kept) => {
      if (!kept) row.load(kernel, parameters);
      return readHead(row.forward(kernel, values), horizon, volatility);
    }, row);
  };

  const forecastMany = (windows: readonly ArrayLike<number>[]): ChangeDistribution[][] =>
    withKernel((kernel) => {
      const pass = new Pass(kernel, spec, { steps, batch: windows.length, from: steps - 1, training: false });
      pass.load(parameters);
      const volatilities = windows.map((closes, index) => {
        const { values, volatility } = read(closes);
        pass.setInput(index, values);
        return volatility;
      });
      pass.forward();
      return volatilities.map((volatility, index) => {
        const { floats, at, spacing } = pass.answersOf(index);
        // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- the view has all outputs of its one step
        const outputs = Float32Array.from({ length: layout.outputs }, (_, k) => floats[at + k * spacing]!);
        return readHead(outputs, horizon, volatility);
      });
    });

  return {
    spec,
    predict(closes) {
      if (closes.length < window) throw tooFewValues(window, closes.length);
      return forecastOne(lastValues(closes, window));
    },
    predictRange(closes, from, to) {
      if (from < window - 1 || to > closes.length || from > to)
        throw tooFewValues(window, Math.min(from + 1, closes.length));
      const result: ChangeDistribution[][] = [];
      for (let at = from; at < to; at += BATCH) {
        const count = Math.min(BATCH, to - at);
        const windows = Array.from({ length: count }, (_, k) => closes.subarray(at + k - window + 1, at + k + 1));
        result.push(...forecastMany(windows));
      }
      return result;
    },
  };
}

/** Callers know the sentence by its beginning. */
export function tooFewValues(window: number, given: number): ShepherdError {
  const count = given === 0 ? 'there are none' : given === 1 ? 'this is 1' : `these are ${wholeNumber(given)}`;
  return new ShepherdError('TOO_FEW_VALUES', `Input data must have at least ${window} values; ${count}.`);
}
