/** The statistics once more, from their definitions and by other routes than the project's own. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** RiskMetrics volatility after the last change: mean square of the first 20, then decay .94. */
export function ewma(changes: readonly number[]): number {
  let variance = mean(changes.slice(0, 20).map((change) => change ** 2));
  for (const change of changes.slice(20)) variance = 0.94 * variance + 0.06 * change ** 2;
  return Math.sqrt(variance);
}

/** Largest distance between the two empirical distribution functions: between two values of `b` it is at one of them, from below or from above. */
export function ksDistance(a: readonly number[], b: readonly number[]): number {
  let largest = 0;
  for (const at of b) {
    const below = (values: readonly number[]): number =>
      values.reduce((count, value) => count + (value < at ? 1 : 0), 0);
    const upTo = (values: readonly number[]): number =>
      values.reduce((count, value) => count + (value <= at ? 1 : 0), 0);
    const under = Math.abs(below(a) / a.length - below(b) / b.length);
    largest = Math.max(largest, under, Math.abs(upTo(a) / a.length - upTo(b) / b.length));
  }
  return largest;
}

/** Parts of each integral below: the integrands are smooth, so that the midpoint rule is right to five digits. */
const [PARTS_OF_P, PARTS_OF_SCORE] = [2000, 400];

/** Student's t (normal for dof null) seen through a substitution t = point(u) that brings the whole line between -edge and edge. */
interface Seen {
  readonly edge: number;
  readonly place: (t: number) => number;
  /** Density of u, up to a factor, and dt / du. */
  readonly density: (u: number) => number;
  readonly stretch: (u: number) => number;
}

/** @param reach a place, in deviations, that must lie within. */
function seen(dof: number | null, reach: number): Seen {
  // Eight deviations of a normal are the whole of it; a t is brought in by the arc tangent, which leaves cos^(dof - 1).
  if (dof === null) {
    const edge = 8 + Math.abs(reach);
    return { edge, place: (t) => t, density: (u) => Math.exp(-(u * u) / 2), stretch: () => 1 };
  }
  return {
    edge: Math.PI / 2,
    place: (t) => Math.atan(t / Math.sqrt(dof)),
    density: (u) => Math.cos(u) ** (dof - 1),
    stretch: (u) => Math.sqrt(dof) / Math.cos(u) ** 2,
  };
}

/** Calls `add` with the middle of each of so many parts of [from, to], and its width. */
function overParts(from: number, to: number, parts: number, add: (u: number, width: number) => void): void {
  const step = (to - from) / parts;
  for (let i = 0; i < parts; i += 1) add(from + (i + 0.5) * step, Math.abs(step));
}

/** P(T <= t) of Student's t. */
export function studentT(t: number, dof: number): number {
  const { edge, place, density } = seen(dof, t);
  let [below, above] = [0, 0];
  overParts(-edge, place(t), PARTS_OF_P, (u, width) => (below += width * density(u)));
  overParts(place(t), edge, PARTS_OF_P, (u, width) => (above += width * density(u)));
  return below / (below + above);
}

/** Integral of (F(x) - 1{x >= y})^2 (Gneiting & Raftery 2007) for a Student-t, or normal for dof null, of that mean and spread. */
export function crps(mean: number, spread: number, dof: number | null, y: number): number {
  const z = (y - mean) / spread;
  const { edge, place, density, stretch } = seen(dof, z);
  // A close far out in the tail meets a steep edge there.
  const parts = Math.ceil(PARTS_OF_SCORE * Math.max(1, Math.abs(z) / 4));
  let mass = 0;
  let integral = 0;
  // From each end of the line to y: the squared mass beyond, where a mass is not normed yet.
  for (const end of [-edge, edge]) {
    let beyond = 0;
    overParts(end, place(z), parts, (u, width) => {
      const part = width * density(u);
      integral += (beyond + part / 2) ** 2 * stretch(u) * width;
      beyond += part;
    });
    mass += beyond;
  }
  return (spread * integral) / mass ** 2;
}

/** P that losses differ this much in favour of the second by chance: Diebold & Mariano at one day ahead, corrected as by Harvey, Leybourne & Newbold. */
export function dieboldMarianoP(differences: readonly number[]): number {
  const days = differences.length;
  const centre = mean(differences);
  const variance = mean(differences.map((value) => (value - centre) ** 2)) / days;
  return studentT((-centre / Math.sqrt(variance)) * Math.sqrt((days - 1) / days), days - 1);
}
