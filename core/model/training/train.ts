import { ShepherdError } from '../../errors.ts';
import { createRandom } from '../../random.ts';
import type { RandomSource } from '../../random.ts';
import { changesOf, fitScale } from '../features.ts';
import { initialParameters } from './initial.ts';
import { withKernel } from '../kernel/acquire.ts';
import { layoutOf, toParameters, toWeights } from '../layout.ts';
import type { FeatureScale } from '../network.ts';
import type { Learner, WithLearner } from './learner.ts';
import { lossOf, type Total } from './loss.ts';
import { Pass } from '../pass.ts';
import { cutSequence, sequenceEnds } from './sequences.ts';
import type { Sequence } from './sequences.ts';
import type { ModelSpec } from '../spec.ts';
import type { EpochReport, TrainingRequest, TrainingResult } from './request.ts';

export interface TrainingOptions {
  /** Called after each epoch. */
  readonly onEpoch?: (report: EpochReport) => void;
  /** Asked before each step; true ends the training with CANCELLED. */
  readonly shouldStop?: () => boolean;
  /** What computes; the kernel when left out. */
  readonly withLearner?: WithLearner;
}

const withPass: WithLearner = (spec, use) =>
  withKernel((kernel) => {
    const { sequenceLength: steps, batch, warmup: from } = spec;
    return use(new Pass(kernel, spec, { steps, batch, from, training: true }), kernel.backend);
  });

/**
 * Trains a network, from scratch or from `request.initial`, and keeps the weights of the epoch with the lowest validation loss
 * (epoch 0: the weights it began with). Synchronous and pure: the same request gives the same bytes on every machine, where the kernel
 * computes.
 * @throws ShepherdError TOO_FEW_VALUES, INVALID_PRICE, INVALID_INPUT, INVALID_ARTIFACT (of `initial`), CANCELLED.
 */
export function train(request: TrainingRequest, options: TrainingOptions = {}): TrainingResult {
  const { spec, initial } = request;
  const changes = changesOf(request.closes, spec.transform);
  const ranges = splitTargets(changes.length, request.validationDays, spec);
  const scale = initial?.scale ?? fitScale(changes.subarray(0, ranges.training.last + 1), spec.window - 1);
  const random = createRandom(request.seed);
  const layout = layoutOf(spec);
  const start = initial ? toParameters(layout, initial.weights) : initialParameters(spec, random);
  const { withLearner = withPass } = options;
  return withLearner(spec, (learner, backend) => {
    const run = new Run(learner, spec, scale, changes, ranges, random);
    const { parameters, epochs, bestEpoch } = run.fit(start, options);
    return { network: { spec, scale, weights: toWeights(layout, parameters) }, epochs, bestEpoch, backend };
  });
}

interface Range {
  /** Indices of the last change seen, first to last. */
  readonly first: number;
  readonly last: number;
}

/** Cuts the days to forecast from by time, with a gap of the horizon between training targets and validation levels. */
function splitTargets(
  changes: number,
  validationDays: number,
  spec: ModelSpec,
): { training: Range; validation: Range } {
  const { horizon, warmup, sequenceLength, window } = spec;
  if (sequenceLength <= warmup || warmup < window - 2) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `A sequence needs at least ${window - 2} steps of warm-up, so that each answer sees a whole window, and one more.`,
    );
  }
  if (validationDays < horizon) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `Early stopping needs at least ${horizon} validation days; got ${validationDays}.`,
    );
  }
  // Change k leads to level k + 1; the first validation level is the target of the change before it.
  const firstValidation = changes - validationDays;
  const training = { first: 0, last: firstValidation - 1 - 2 * horizon };
  if (training.last < sequenceLength - 1) {
    const needed = sequenceLength + 2 * horizon + validationDays + 1;
    throw new ShepherdError('TOO_FEW_VALUES', `Training needs at least ${needed} values; got ${changes + 1}.`);
  }
  return { training, validation: { first: firstValidation - 1, last: changes - 1 - horizon } };
}

/** One training: a network laid out for training sequences, and the data they are cut from. */
class Run {
  readonly #spec: ModelSpec;
  readonly #scale: FeatureScale;
  readonly #changes: Float64Array;
  readonly #training: Range;
  readonly #random: RandomSource;
  readonly #validation: readonly Sequence[];
  readonly #learner: Learner;
  #steps = 0;

  constructor(
    learner: Learner,
    spec: ModelSpec,
    scale: FeatureScale,
    changes: Float64Array,
    ranges: { training: Range; validation: Range },
    random: RandomSource,
  ) {
    this.#spec = spec;
    this.#scale = scale;
    this.#changes = changes;
    this.#training = ranges.training;
    this.#random = random;
    this.#validation = this.#cut(ranges.validation, 0);
    this.#learner = learner;
  }

  fit(
    start: Float32Array,
    options: TrainingOptions,
  ): { parameters: Float32Array; epochs: EpochReport[]; bestEpoch: number } {
    const { maxEpochs, patience } = this.#spec;
    this.#learner.load(start);
    let best = { parameters: start, loss: this.#validationLoss(), epoch: 0 };
    const epochs: EpochReport[] = [];
    for (let epoch = 1; epoch <= maxEpochs && epoch - best.epoch <= patience; epoch += 1) {
      const trainingLoss = this.#epoch(options);
      const validationLoss = this.#validationLoss();
      if (validationLoss < best.loss) best = { parameters: this.#learner.parameters(), loss: validationLoss, epoch };
      const report = { epoch, maxEpochs, trainingLoss, validationLoss };
      epochs.push(report);
      options.onEpoch?.(report);
    }
    return { parameters: best.parameters, epochs, bestEpoch: best.epoch };
  }

  #cut(range: Range, phase: number): Sequence[] {
    return sequenceEnds(this.#spec, range.first, range.last, phase).map((end) =>
      cutSequence(this.#changes, this.#scale, this.#spec, end, range.first, range.last),
    );
  }

  #epoch(options: TrainingOptions): number {
    const { sequenceLength, warmup, batch, learningRate, clipNorm } = this.#spec;
    const phase = Math.floor(this.#random() * (sequenceLength - warmup));
    const sequences = this.#cut(this.#training, phase);
    shuffle(sequences, this.#random);
    const total = { loss: 0, targets: 0 };
    for (let at = 0; at < sequences.length; at += batch) {
      if (options.shouldStop?.()) throw new ShepherdError('CANCELLED', 'The training was stopped before it was done.');
      const dropoutSeed = Math.floor(this.#random() * 4_294_967_296);
      this.#likelihood(sequences.slice(at, at + batch), total, dropoutSeed);
      this.#learner.backward(dropoutSeed);
      this.#steps += 1;
      this.#learner.update(this.#steps, learningRate, clipNorm);
    }
    return total.loss / total.targets;
  }

  #validationLoss(): number {
    const total = { loss: 0, targets: 0 };
    for (let at = 0; at < this.#validation.length; at += this.#spec.batch) {
      this.#likelihood(this.#validation.slice(at, at + this.#spec.batch), total);
    }
    return total.loss / total.targets;
  }

  /** Runs up to a batch of sequences forward, adds up their loss, and leaves the mean loss's gradient in place of the answers. */
  #likelihood(sequences: readonly Sequence[], total: Total, dropoutSeed?: number): void {
    sequences.forEach((sequence, index) => {
      this.#learner.setInput(index, sequence.features);
    });
    this.#learner.forward(dropoutSeed);
    const { loss, targets } = lossOf(this.#learner, this.#spec, sequences);
    total.loss += loss;
    total.targets += targets;
  }
}

/** Fisher & Yates, in place. */
function shuffle(items: unknown[], random: RandomSource): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
}
