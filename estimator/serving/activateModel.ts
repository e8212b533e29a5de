import { setImmediate as nextTurn } from 'node:timers/promises';
import { ShepherdError } from '../../core/errors.ts';
import { makeForecast } from '../../core/forecast/forecast.ts';
import { decodeArtifact } from '../../core/model/artifact.ts';
import type { Network, Predictor } from '../../core/model/network.ts';
import type { ActiveModel } from './servedSymbol.ts';
import { identityOf, type UntrustedModel } from './store.ts';

/**
 * Relative difference allowed between the stored golden forecast and ours. The network gives the same bits everywhere, but what turns
 * its answer into a level (calibration, `Math.exp`) is the engine's, whose last bits may differ between versions; a model that was
 * stored before its arithmetic was pinned differs in the last few of a float32.
 */
const GOLDEN_TOLERANCE = 1e-5;

/**
 * Makes a stored model ready to answer: hash and shape, one forecast to warm it up, and that forecast against the golden one.
 * Each step takes a millisecond or two, and others are answered in between.
 * @throws ShepherdError INVALID_ARTIFACT for whatever is wrong with it.
 */
export async function activateModel(
  stored: UntrustedModel,
  createPredictor: (network: Network) => Predictor,
): Promise<ActiveModel> {
  const { symbol, version, sha256, trainedTo, calibration, golden } = stored;
  const network = decodeArtifact(stored);
  await nextTurn();
  const predictor = createPredictor(network);
  await nextTurn();
  const [forecast] = makeForecast({
    predictor,
    calibration,
    band: calibration.band,
    closes: golden.closes,
    horizon: 1,
  });
  const prediction = forecast?.prediction ?? Number.NaN;
  // Written so that NaN fails.
  if (!(Math.abs(prediction - golden.prediction) <= GOLDEN_TOLERANCE * Math.abs(golden.prediction))) {
    throw new ShepherdError(
      'INVALID_ARTIFACT',
      `Model ${version} of ${symbol} forecasts ${prediction} where it forecast ${golden.prediction} when it was stored.`,
    );
  }
  return { symbol, version, identity: identityOf(stored), sha256, trainedTo, predictor, calibration };
}
