/* eslint-disable @typescript-eslint/no-non-null-assertion -- answers are within the view of their sequence, and a day has three outputs */
import { negativeLogLikelihood, OUTPUTS_A_DAY } from '../head.ts';
import type { Learner } from './learner.ts';
import type { Sequence } from './sequences.ts';
import type { ModelSpec } from '../spec.ts';

export interface Total {
  loss: number;
  /** Targets that it is the sum over. */
  targets: number;
}

/**
 * The summed negative log-likelihood of a batch's targets after a `forward`. The gradient of their mean replaces the answers: zero where
 * no target is asked for, and for the places of the batch that `sequences` (at most `spec.batch`) leaves empty.
 */
export function lossOf(learner: Learner, spec: ModelSpec, sequences: readonly Sequence[]): Total {
  const { batch, horizon, sequenceLength, warmup } = spec;
  const targets = sequences.reduce((sum, sequence) => sum + countTargets(sequence), 0);
  const gradient = new Float64Array(OUTPUTS_A_DAY);
  let loss = 0;
  for (let index = 0; index < batch; index += 1) {
    const own = sequences[index]?.targets;
    const { floats, at, stride, spacing } = learner.answersOf(index);
    for (let k = 0; k < (sequenceLength - warmup) * horizon; k += 1) {
      const day = k % horizon;
      const mean = at + ((k - day) / horizon) * stride + day * spacing;
      const [spread, tail] = [mean + horizon * spacing, mean + 2 * horizon * spacing];
      const y = own?.[k] ?? Number.NaN;
      if (Number.isNaN(y)) gradient.fill(0);
      else loss += negativeLogLikelihood(floats[mean]!, floats[spread]!, floats[tail]!, y, gradient);
      floats[mean] = gradient[0]! / targets;
      floats[spread] = gradient[1]! / targets;
      floats[tail] = gradient[2]! / targets;
    }
  }
  return { loss, targets };
}

function countTargets({ targets }: Sequence): number {
  return targets.reduce((count, y) => count + (Number.isNaN(y) ? 0 : 1), 0);
}
