import type { Backend } from '../kernel/kernel.ts';
import type { ModelSpec } from '../spec.ts';

/** What a person may choose to train with. */
export const TRAINING_BACKENDS = ['kernel', 'tfjs'] as const;
export type TrainingBackend = (typeof TRAINING_BACKENDS)[number];

/** What a training was computed with: the project's own kernel, in one of its three forms, or TensorFlow.js on one of its backends. */
export type LearnerName = Backend | TfjsName;
export type TfjsName = 'tfjs-node' | 'tfjs-wasm';

/** What to choose for a training like one that was computed with `name`. */
export function backendOf(name: string): TrainingBackend {
  return name.startsWith('tfjs-') ? 'tfjs' : 'kernel';
}

/** Opens a learner for sequences of the spec's shape, and has it used. */
export type WithLearner = <T>(spec: ModelSpec, use: (learner: Learner, name: LearnerName) => T) => T;

/**
 * What a training computes with: a network, its gradient and its optimiser, for a batch of sequences of one shape. `Pass` is one on
 * the project's own kernel, `TfjsLearner` one of tfjs's layers.
 */
export interface Learner {
  /** Takes over a parameter vector; the optimiser's moments start at zero. */
  load(parameters: Float32Array): void;
  /** A copy of the parameter vector. */
  parameters(): Float32Array;
  /** Puts in one sequence of the batch: steps × FEATURES numbers. */
  setInput(sequence: number, features: Float32Array): void;
  /** Answers of all sequences; a seed given: with dropout after each layer. */
  forward(dropoutSeed?: number): void;
  /** The answers of one sequence; the loss puts its gradient in their place. */
  answersOf(sequence: number): AnswerView;
  /** Gradients of the last `forward`, with its seed. */
  backward(dropoutSeed?: number): void;
  /** A step of Adam after clipping the gradients' joint norm; `step` is 1 for the first. */
  update(step: number, learningRate: number, clipNorm: number): void;
}

/** Output k of answered step t is at `at + t · stride + k · spacing`. */
export interface AnswerView {
  readonly floats: Float32Array;
  readonly at: number;
  readonly stride: number;
  readonly spacing: number;
}
