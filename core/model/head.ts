import { digamma, exponential, logGamma, logarithm } from './elementary.ts';
import type { ChangeDistribution } from './network.ts';

/**
 * The head: for each day ahead h = 1…H the network puts out three numbers [m_h], [l_h], [q_h] (in this order, H of each), read as
 * a Student-t forecast of y_h = (cumulative change over h days) / (volatility · √h):
 * location .1 m, standard deviation e^(.3 l), degrees of freedom 2 + 4 e^(.3 q). So zero is the volatility anchor itself with six
 * degrees of freedom, and small steps of the optimiser are small corrections.
 */
export const OUTPUTS_A_DAY = 3;
const MEAN_SCALE = 0.1;
const SPREAD_SCALE = 0.3;
const TAIL_SCALE = 0.3;
const HALF_LOG_PI = 0.57236494292470008707;

/** A Student-t over y, with what its likelihood needs more than once. */
interface Tail {
  readonly dof: number;
  /** log density at the centre of the standard t. */
  readonly logPeak: number;
  /** ∂ logPeak / ∂ dof. */
  readonly peakSlope: number;
  /** √((dof - 2) / dof): scale over standard deviation. */
  readonly shrink: number;
}

export function tailOf(q: number): Tail {
  // Between 2.04 and 2 + 4·e^4.5 ≈ 360 degrees of freedom: finite variance below, the normal for all purposes above.
  const dof = 2 + 4 * exponential(Math.max(-4.5, Math.min(4.5, TAIL_SCALE * q)));
  return {
    dof,
    logPeak: logGamma(0.5 * (dof + 1)) - logGamma(0.5 * dof) - 0.5 * logarithm(dof) - HALF_LOG_PI,
    peakSlope: 0.5 * (digamma(0.5 * (dof + 1)) - digamma(0.5 * dof) - 1 / dof),
    shrink: Math.sqrt((dof - 2) / dof),
  };
}

/** Gradients with respect to the three outputs of one day ahead are written to `gradient` [m, l, q]. */
export function negativeLogLikelihood(m: number, l: number, tail: Tail, y: number, gradient: Float64Array): number {
  const { dof } = tail;
  const logDeviation = SPREAD_SCALE * Math.max(-10, Math.min(10, l));
  const scale = tail.shrink * exponential(logDeviation);
  const z = (y - MEAN_SCALE * m) / scale;
  const square = z * z;
  const pull = ((dof + 1) * z) / (dof + square);
  const growth = logarithm(1 + square / dof);
  const towardScale = 1 - pull * z; // ∂ nll / ∂ log scale
  gradient[0] = (-MEAN_SCALE * pull) / scale;
  gradient[1] = SPREAD_SCALE * towardScale;
  const towardDof =
    -tail.peakSlope + 0.5 * growth - (0.5 * pull * z) / dof + 0.5 * towardScale * (1 / (dof - 2) - 1 / dof);
  gradient[2] = TAIL_SCALE * (dof - 2) * towardDof;
  return logarithm(scale) - tail.logPeak + 0.5 * (dof + 1) * growth;
}

/** The forecast of the cumulative change that `outputs` (3 H numbers) mean, with the volatility they were made with. */
export function readHead(outputs: Float32Array, horizon: number, volatility: number): ChangeDistribution[] {
  return Array.from({ length: horizon }, (_, h) => {
    const unit = volatility * Math.sqrt(h + 1);
    const { dof, shrink } = tailOf(outputs[2 * horizon + h]!);
    const logDeviation = SPREAD_SCALE * Math.max(-10, Math.min(10, outputs[horizon + h]!));
    return { mean: MEAN_SCALE * outputs[h]! * unit, spread: shrink * exponential(logDeviation) * unit, dof };
  });
}
