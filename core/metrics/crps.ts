import { gammaln } from 'simple-statistics';
import { normalCdf, normalDensity } from '../stats/normal.ts';
import { studentTCdf, studentTDensity } from '../stats/studentT.ts';

/**
 * Continuous ranked probability score: the integral over x of (F(x) - 1{actual <= x})^2, in the unit of `actual`.
 * 0 is perfect; for a point forecast it is the absolute error.
 */

/** Degrees of freedom from which the gamma functions' difference is lost in rounding, and the normal is nearer than that. */
const NORMAL_ABOVE = 1e6;

/** CRPS of a normal forecast (Gneiting & Raftery 2007, equation 21). `deviation` >= 0. */
export function crpsNormal(mean: number, deviation: number, actual: number): number {
  if (deviation === 0) return Math.abs(actual - mean);
  const z = (actual - mean) / deviation;
  return deviation * (z * (2 * normalCdf(z) - 1) + 2 * normalDensity(z) - 1 / Math.sqrt(Math.PI));
}

/**
 * CRPS of a Student-t forecast with location, scale (not the standard deviation) and degrees of freedom above 1
 * (Jordan, Krueger & Lerch 2019, appendix A). `dof` Infinity is the normal.
 */
export function crpsStudentT(location: number, scale: number, dof: number, actual: number): number {
  if (dof > NORMAL_ABOVE) return crpsNormal(location, scale, actual);
  if (scale === 0) return Math.abs(actual - location);
  const z = (actual - location) / scale;
  const spreadTerm = 2 * studentTDensity(z, dof) * ((dof + z * z) / (dof - 1));
  return scale * (z * (2 * studentTCdf(z, dof) - 1) + spreadTerm - expectedHalfDistance(dof));
}

/** Half the expected distance of two independent draws of a standard Student-t. */
function expectedHalfDistance(dof: number): number {
  const logBetaRatio = logBeta(0.5, dof - 0.5) - 2 * logBeta(0.5, dof / 2);
  return ((2 * Math.sqrt(dof)) / (dof - 1)) * Math.exp(logBetaRatio);
}

function logBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b);
}
