import type { DriftedData, DriftReport, StableData } from './report.ts';

/** The whole check on one screen: a label and its value a line, at most 80 characters wide but for the reason. */
export function describeDrift(report: DriftReport): string[] {
  const lines: [string, string][] = [
    ['verdict', report.cause === null ? report.verdict : `${report.verdict} (${report.cause})`],
    ['reason', report.reason],
    ['windows', `${report.referenceSize} reference changes, ${report.currentSize} current`],
  ];
  if (report.verdict !== 'undetermined') lines.push(...describeFigures(report));
  return lines.map(([label, value]) => `${label.padEnd(16)}${value}`);
}

function describeFigures(report: StableData | DriftedData): [string, string][] {
  const { evidence, bootstrapP } = report;
  const lines: [string, string][] = [
    ['statistic', `D = ${report.statistic.toFixed(4)}`],
    ['raw p', `${formatP(report.rawP)} (${report.rawMethod}, as if days were independent)`],
    ['calibrated p', `${formatP(report.calibratedP)} (filtered historical simulation)`],
  ];
  if (bootstrapP !== null) lines.push(['second opinion', `${formatP(bootstrapP)} (block bootstrap)`]);
  lines.push(['threshold', formatP(report.threshold)], ['delay', describeDelay(report.expectedDelayDays)]);
  if (evidence === null) return lines;
  const unchanged = `${percent(evidence.unchangedShare)} against ${percent(evidence.unchangedShareReference)} in the reference`;
  return [
    ...lines,
    ['mean', `${signed(evidence.meanShift)} deviations, p ${formatP(evidence.meanP)}`],
    ['volatility', `x ${evidence.volatilityRatio.toFixed(2)}, p ${formatP(evidence.volatilityP)}`],
    ['shape', `D = ${evidence.shapeDistance.toFixed(4)} once standardised, p ${formatP(evidence.shapeP)}`],
    ['unchanged days', unchanged],
  ];
}

function describeDelay(days: number | null): string {
  return days === null
    ? 'a doubled volatility is not reliably noticed within a year'
    : `a doubled volatility is noticed after about ${days} trading days`;
}

const formatP = (p: number): string => (p < 1e-4 ? p.toExponential(1) : p.toFixed(4));
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
