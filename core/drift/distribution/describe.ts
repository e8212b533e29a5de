import type { DriftReport } from './report.ts';

/** The whole check on one screen: a label and its value a line, at most 80 characters wide but for the reason. */
export function describeDrift(report: DriftReport): string[] {
  const lines: [string, string][] = [
    ['verdict', report.cause === null ? report.verdict : `${report.verdict} (${report.cause})`],
  ];
  lines.push(['reason', report.reason]);
  lines.push(['windows', `${report.referenceSize} reference changes, ${report.currentSize} current`]);
  if (report.statistic !== null) lines.push(['statistic', `D = ${report.statistic.toFixed(4)}`]);
  if (report.rawP !== null)
    lines.push(['raw p', `${formatP(report.rawP)} (${report.rawMethod}, as if days were independent)`]);
  if (report.calibratedP !== null)
    lines.push(['calibrated p', `${formatP(report.calibratedP)} (filtered historical simulation)`]);
  if (report.bootstrapP !== null) lines.push(['second opinion', `${formatP(report.bootstrapP)} (block bootstrap)`]);
  if (report.threshold !== null) lines.push(['threshold', formatP(report.threshold)]);
  if (report.threshold !== null) lines.push(['delay', describeDelay(report.expectedDelayDays)]);
  if (report.evidence !== null) {
    const { evidence } = report;
    lines.push(['mean', `${signed(evidence.meanShift)} deviations, p ${formatP(evidence.meanP)}`]);
    lines.push(['volatility', `x ${evidence.volatilityRatio.toFixed(2)}, p ${formatP(evidence.volatilityP)}`]);
    lines.push(['shape', `D = ${evidence.shapeDistance.toFixed(4)} once standardised, p ${formatP(evidence.shapeP)}`]);
    lines.push([
      'unchanged days',
      `${percent(evidence.unchangedShare)} against ${percent(evidence.unchangedShareReference)} in the reference`,
    ]);
    for (const fault of evidence.feedFaults) lines.push(['feed fault', fault.sentence]);
  }
  return lines.map(([label, value]) => `${label.padEnd(16)}${value}`);
}

function describeDelay(days: number | null): string {
  return days === null
    ? 'a doubled volatility is not reliably noticed within a year'
    : `a doubled volatility is noticed after about ${days} trading days`;
}

const formatP = (p: number): string => (p < 1e-4 ? p.toExponential(1) : p.toFixed(4));
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
