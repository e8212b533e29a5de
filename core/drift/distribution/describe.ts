import type { DriftedData, DriftReport, StableData } from './report.ts';
import { fixed, percent, probability, signed, wholeNumber } from '../../prose/figures.ts';
import { plural } from '../../prose/plural.ts';

/** The whole check on one screen: a label and its value a line, at most 80 characters wide but for the reason. */
export function describeDrift(report: DriftReport): string[] {
  const lines: [string, string][] = [
    ['verdict', report.cause === null ? report.verdict : `${report.verdict} (${report.cause})`],
    ['reason', report.reason],
    ['windows', `${plural(report.referenceSize, 'reference change')}, ${wholeNumber(report.currentSize)} current`],
  ];
  if (report.verdict !== 'undetermined') lines.push(...describeFigures(report));
  return lines.map(([label, value]) => `${label.padEnd(16)}${value}`);
}

function describeFigures(report: StableData | DriftedData): [string, string][] {
  const { evidence, bootstrapP } = report;
  const lines: [string, string][] = [
    ['statistic', `D = ${fixed(report.statistic, 4)}`],
    ['raw p', `${probability(report.rawP)} (${report.rawMethod}, as if days were independent)`],
    ['calibrated p', `${probability(report.calibratedP)} (filtered historical simulation)`],
  ];
  if (bootstrapP !== null) lines.push(['second opinion', `${probability(bootstrapP)} (block bootstrap)`]);
  const distance = report.limit === null ? '' : ` (D of ${fixed(report.limit, 4)})`;
  lines.push(['threshold', `${probability(report.threshold)}${distance}`]);
  if (evidence === null) return lines;
  const unchanged = `${percent(evidence.unchangedShare, 0)} against ${percent(evidence.unchangedShareReference, 0)} in the reference`;
  return [
    ...lines,
    ['mean', `${signed(evidence.meanShift, 2)} deviations, p ${probability(evidence.meanP)}`],
    ['volatility', `x ${fixed(evidence.volatilityRatio, 2)}, p ${probability(evidence.volatilityP)}`],
    ['shape', `D = ${fixed(evidence.shapeDistance, 4)} once standardised, p ${probability(evidence.shapeP)}`],
    ['unchanged days', unchanged],
  ];
}
