export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

export interface NelderMeadOptions {
  /** Stops once the values at the simplex's corners differ by less than this. */
  readonly tolerance?: number;
  readonly maxEvaluations?: number;
  /** Length of the first simplex's edges. */
  readonly step?: number;
}

/**
 * Downhill simplex (Nelder & Mead 1965) with the coefficients that Gao & Han (2012) choose by the number of dimensions.
 * Needs no gradient; a value of NaN or Infinity marks a point as forbidden.
 */
export function nelderMead(
  objective: (point: Float64Array) => number,
  start: ArrayLike<number>,
  { tolerance = 1e-9, maxEvaluations = 2000, step = 0.5 }: NelderMeadOptions = {},
): Minimum {
  const dimensions = start.length;
  const shape = Math.max(2, dimensions);
  const expansion = 1 + 2 / shape;
  const contraction = 0.75 - 1 / (2 * shape);
  const shrinkage = 1 - 1 / shape;
  let evaluations = 0;
  const evaluate = (point: Float64Array): Corner => {
    evaluations += 1;
    const value = objective(point);
    return { point, value: Number.isNaN(value) ? Infinity : value };
  };
  const corners = [evaluate(Float64Array.from(start))];
  for (let k = 0; k < dimensions; k += 1) {
    const point = Float64Array.from(start);
    point[k]! += step;
    corners.push(evaluate(point));
  }
  for (;;) {
    corners.sort((a, b) => a.value - b.value);
    const best = corners[0]!;
    const worst = corners[dimensions]!;
    if (worst.value - best.value < tolerance || evaluations >= maxEvaluations) return { ...best, evaluations };
    const centre = centreOf(corners, dimensions);
    const along = (factor: number): Corner =>
      evaluate(centre.map((value, k) => value + factor * (value - worst.point[k]!)));
    const reflected = along(1);
    if (reflected.value < best.value) {
      const expanded = along(expansion);
      corners[dimensions] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < corners[dimensions - 1]!.value) {
      corners[dimensions] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? contraction : -contraction);
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[dimensions] = contracted;
      else {
        for (let k = 1; k <= dimensions; k += 1) {
          const from = corners[k]!.point;
          corners[k] = evaluate(best.point.map((value, d) => value + shrinkage * (from[d]! - value)));
        }
      }
    }
  }
}

interface Corner {
  readonly point: Float64Array;
  readonly value: number;
}

/** Mean of all corners but the last. */
function centreOf(corners: readonly Corner[], dimensions: number): Float64Array {
  const centre = new Float64Array(dimensions);
  for (let c = 0; c < dimensions; c += 1) {
    for (let k = 0; k < dimensions; k += 1) centre[k]! += corners[c]!.point[k]! / dimensions;
  }
  return centre;
}
