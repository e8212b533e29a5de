import { ShepherdError } from '../../core/errors.ts';
import type { BatchPrediction } from '../schemas/answer.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import { inSlices } from '../serving/slices.ts';
import { unknownQuality } from './quality.ts';
import { answerWindow } from './window.ts';

/**
 * One forecast a window, all from the same model; gives way to other callers as it goes.
 * @throws ShepherdError as for a single window, the sentence naming the window (counted from 1).
 */
export async function answerBatch(
  served: ServedSymbol,
  windows: readonly Float64Array[],
  horizon: number,
  stopped?: () => boolean,
): Promise<BatchPrediction> {
  const predictions: BatchPrediction['predictions'] = [];
  await inSlices(
    { from: 0, to: windows.length, step: 1 },
    (from, to) => {
      for (const [i, window] of windows.slice(from, to).entries()) {
        const { prediction, lower, upper, naive, forecast } = answerOne(served, window, horizon, from + i);
        predictions.push({ prediction, lower, upper, naive, forecast });
      }
    },
    stopped,
  );
  return { predictions, ...unknownQuality(served), asOf: null };
}

function answerOne(served: ServedSymbol, closes: Float64Array, horizon: number, index: number) {
  try {
    return answerWindow(served, { closes, horizon, asOf: null });
  } catch (error) {
    if (!(error instanceof ShepherdError)) throw error;
    throw new ShepherdError(error.code, `Window ${index + 1}: ${error.message}`, { cause: error });
  }
}
