/* eslint-disable @typescript-eslint/no-non-null-assertion -- there is a close for each forecast */
import { crpsNormal } from '../../core/metrics/crps.ts';
import { changesOf, fitScale } from '../../core/model/features.ts';
import { cutSequence, sequenceEnds, type Sequence } from '../../core/model/training/sequences.ts';
import type { ModelSpec } from '../../core/model/spec.ts';
import type { PythonPeer } from '../peers/python.ts';
import { quantile } from '../report.ts';

/**
 * Seconds, by the clock and of the processor, that PyTorch takes for as many epochs of the same scheme on the same closes, once warm.
 * @param closes as `train` is given them.
 */
export async function timeTorchRun(
  torch: PythonPeer,
  spec: ModelSpec,
  { closes, validationDays, epochs }: { closes: Float64Array; validationDays: number; epochs: number },
): Promise<{ seconds: number; processorSeconds: number }> {
  const changes = changesOf(closes, spec.transform);
  const scale = fitScale(changes, spec.window - 1);
  const { horizon, batch, warmup, units } = spec;
  const cut = (first: number, last: number, phase: number): object[] =>
    sequenceEnds(spec, first, last, phase)
      .map((end) => cutSequence(changes, scale, spec, end, first, last))
      .map(({ features, targets }: Sequence) => ({ features: [...features], targets: [...targets] })); // NaN becomes null
  const held = changes.length - validationDays;
  const training = cut(0, held - 1 - 2 * horizon, 17);
  const validation = cut(held - 1, changes.length - 1 - horizon, 0);
  return torch.ask({ training, validation, epochs, batch, warmup, horizon, units });
}

/**
 * The Keras recipe on the same closes: its seconds, and the CRPS of its forecasts of the days after the first `days`, as normals
 * around its points, of the one deviation that its errors on those very days turn out to have: better than it could know.
 */
export async function runKeras(
  keras: PythonPeer,
  closes: Float64Array,
  days: number,
  epochs: number,
): Promise<{ seconds: number; crps: number }> {
  const question = { closes: [...closes], days, epochs };
  const { seconds, forecasts } = await keras.ask<{ seconds: number; forecasts: number[] }>(question);
  const errors = forecasts.map((forecast, k) => Math.log(forecast / closes[days + k]!)); // one a day after the first
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error * error) / errors.length, 0));
  const scores = errors.map((error) => crpsNormal(error, deviation, 0));
  return { seconds, crps: scores.reduce((sum, score) => sum + score / scores.length, 0) };
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
