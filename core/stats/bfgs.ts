/* eslint-disable @typescript-eslint/no-non-null-assertion -- every vector and matrix here has as many elements a side as the point has dimensions, and each index is one of another of them */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/** Relative step of the central differences: near the cube root of machine precision, where rounding and curvature errors balance. */
const DIFFERENCE_STEP = 6e-6;
/** Armijo's condition: the share of the promised decrease that must be had. */
const SUFFICIENT = 1e-4;

export interface BfgsOptions {
  /** Stops once no component of the gradient is larger than this. */
  readonly gradientTolerance?: number;
  readonly maxIterations?: number;
}

/**
 * Quasi-Newton minimum of a smooth function (Broyden, Fletcher, Goldfarb & Shanno 1970; Nocedal & Wright 2006, algorithm 6.1)
 * with a numerical gradient and a backtracking line search. `Infinity` marks a point as forbidden.
 */
export function bfgs(
  objective: (point: Float64Array) => number,
  start: ArrayLike<number>,
  { gradientTolerance = 1e-4, maxIterations = 100 }: BfgsOptions = {},
): Minimum {
  const dimensions = start.length;
  let evaluations = 0;
  const evaluate = (point: Float64Array): number => {
    evaluations += 1;
    const value = objective(point);
    return Number.isNaN(value) ? Infinity : value;
  };
  const gradientAt = (point: Float64Array): Float64Array =>
    point.map((value, k) => {
      const step = DIFFERENCE_STEP * Math.max(1, Math.abs(value));
      const above = evaluate(point.with(k, value + step));
      const below = evaluate(point.with(k, value - step));
      return (above - below) / (2 * step);
    });
  let point = Float64Array.from(start);
  let value = evaluate(point);
  let gradient = gradientAt(point);
  let inverse = identity(dimensions, 1 / Math.max(1, norm(gradient)));
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    if (gradient.every((slope) => Math.abs(slope) <= gradientTolerance)) break;
    let direction = inverse.map((row) => -dot(row, gradient));
    let descent = dot(direction, gradient);
    if (!(descent < 0)) {
      inverse = identity(dimensions, 1 / Math.max(1, norm(gradient)));
      direction = inverse.map((row) => -dot(row, gradient));
      descent = dot(direction, gradient);
    }
    let length = 1;
    let next = point.map((each, k) => each + direction[k]!);
    let nextValue = evaluate(next);
    while (nextValue > value + SUFFICIENT * length * descent && length > 1e-10) {
      length *= nextValue === Infinity ? 0.1 : 0.4;
      next = point.map((each, k) => each + length * direction[k]!);
      nextValue = evaluate(next);
    }
    if (!(nextValue < value)) break;
    const nextGradient = gradientAt(next);
    const moved = next.map((each, k) => each - point[k]!);
    const turned = nextGradient.map((each, k) => each - gradient[k]!);
    inverse = updateInverse(inverse, moved, turned);
    [point, value, gradient] = [next, nextValue, nextGradient];
  }
  return { point, value, evaluations };
}

/** The inverse Hessian after a step: (I - r s y') H (I - r y s') + r s s', r = 1 / y's. */
function updateInverse(inverse: Float64Array[], moved: Float64Array, turned: Float64Array): Float64Array[] {
  const curvature = dot(moved, turned);
  if (curvature <= 1e-12 * norm(moved) * norm(turned)) return inverse;
  const product = Float64Array.from(inverse, (row) => dot(row, turned));
  const scale = (1 + dot(turned, product) / curvature) / curvature;
  return inverse.map((row, i) =>
    row.map(
      (value, j) =>
        value + scale * moved[i]! * moved[j]! - (product[i]! * moved[j]! + moved[i]! * product[j]!) / curvature,
    ),
  );
}

function identity(dimensions: number, scale: number): Float64Array[] {
  return Array.from({ length: dimensions }, (_, i) => new Float64Array(dimensions).fill(scale, i, i + 1));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k]! * b[k]!;
  return sum;
}

function norm(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}
