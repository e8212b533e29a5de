import { exponential, logarithm } from './elementary.ts';
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
/** Bounds of the logarithms of (degrees of freedom - 2) / 4 and of the deviation; beyond them an output has no effect. */
const TAIL_BOUND = 4.5;
const SPREAD_BOUND = 3;
const TWO_PI = 6.28318530717958647693;
/** Of log Γ(x + ½) - log Γ(x) - ½ log x in odd powers of 1/x (Tricomi & Erdélyi 1951): below 1e-13 from the next on for x ≥ 8. */
const RATIO = [-1 / 8, 1 / 192, -1 / 640, 17 / 14336, -31 / 18432, 691 / 180224] as const;

/** Degrees of freedom: between 2.04 and 2 + 4·e^4.5 ≈ 360, so of finite variance, and up to the normal for all purposes. */
function dofOf(q: number): number {
  return 2 + 4 * exponential(Math.max(-TAIL_BOUND, Math.min(TAIL_BOUND, TAIL_SCALE * q)));
}

function deviationOf(l: number): number {
  return exponential(Math.max(-SPREAD_BOUND, Math.min(SPREAD_BOUND, SPREAD_SCALE * l)));
}

/**
 * Minus the log density of y under the forecast that m, l and q mean; its gradient with respect to them is written to `gradient`.
 * The density's constant needs Γ(x + ½) / Γ(x) at x = dof / 2 ≥ 1: its series at x + 7, brought back by Γ(x + 1) = x Γ(x).
 */
export function negativeLogLikelihood(m: number, l: number, q: number, y: number, gradient: Float64Array): number {
  const dof = dofOf(q);
  const x = 0.5 * dof;
  let ratio = 1; // Π (x + i) / (x + i + ½), squared at last
  let below = 1;
  let ratioSlope = 0;
  for (let at = x; at < x + 6.5; at += 1) {
    const pair = at * (at + 0.5);
    ratio *= at;
    below *= at + 0.5;
    ratioSlope += 0.5 / pair;
  }
  const far = x + 7;
  const r = 1 / far;
  const r2 = r * r;
  const [a, b, c, d, e, g] = RATIO;
  const series = r * (a + r2 * (b + r2 * (c + r2 * (d + r2 * (e + r2 * g)))));
  const seriesSlope = -r2 * (a + r2 * (3 * b + r2 * (5 * c + r2 * (7 * d + r2 * (9 * e + r2 * 11 * g)))));
  const peakSlope = 0.5 * (ratioSlope + 0.5 * r - 0.5 / x + seriesSlope); // ∂ log density(0) / ∂ dof of the standard t

  const shrink = (dof - 2) / dof; // (scale / standard deviation)²
  const deviation = deviationOf(l);
  const scale = Math.sqrt(shrink) * deviation;
  const z = (y - MEAN_SCALE * m) / scale;
  const square = z * z;
  const pull = ((dof + 1) * z) / (dof + square);
  const growth = logarithm(1 + square / dof);
  const towardScale = 1 - pull * z; // ∂ nll / ∂ log scale
  gradient[0] = (-MEAN_SCALE * pull) / scale;
  gradient[1] = Math.abs(SPREAD_SCALE * l) < SPREAD_BOUND ? SPREAD_SCALE * towardScale : 0;
  const towardDof = -peakSlope + 0.5 * growth - (0.5 * pull * z) / dof + 0.5 * towardScale * (1 / (dof - 2) - 1 / dof);
  gradient[2] = Math.abs(TAIL_SCALE * q) < TAIL_BOUND ? TAIL_SCALE * (dof - 2) * towardDof : 0;
  const peak = (ratio * ratio * far) / (below * below * x * TWO_PI); // squared, without the series
  return 0.5 * logarithm((scale * scale) / peak) - series + 0.5 * (dof + 1) * growth;
}

/** The forecast of the cumulative change that `outputs` (3 H numbers, H = `horizon`) mean, with the volatility they were made with. */
export function readHead(outputs: Float32Array, horizon: number, volatility: number): ChangeDistribution[] {
  /* eslint-disable @typescript-eslint/no-non-null-assertion -- 3 H outputs, and h < H */
  return Array.from({ length: horizon }, (_, h) => {
    const unit = volatility * Math.sqrt(h + 1);
    const dof = dofOf(outputs[2 * horizon + h]!);
    const spread = Math.sqrt((dof - 2) / dof) * deviationOf(outputs[horizon + h]!) * unit;
    return { mean: MEAN_SCALE * outputs[h]! * unit, spread, dof };
  });
  /* eslint-enable @typescript-eslint/no-non-null-assertion */
}
