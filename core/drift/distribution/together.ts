import { benjaminiHochberg } from '../../stats/benjaminiHochberg.ts';
import type { DriftReport } from './report.ts';
import { comparedP, probability } from '../../prose/figures.ts';

/**
 * An alarm among many series: with a hundred of them some p-value is small every day. The alarm stands only if its
 * Benjamini-Hochberg adjusted p still lies at or below its threshold; other verdicts stay as they are.
 * @param others calibrated p-values of the newest checks of the other series.
 */
export function judgeTogether(report: DriftReport, others: readonly number[]): DriftReport {
  if (report.verdict !== 'drifted' || others.length === 0) return report;
  const { calibratedP, threshold } = report;
  const [adjusted = calibratedP] = benjaminiHochberg([calibratedP, ...others]);
  if (adjusted <= threshold) return report;
  const shown = comparedP(adjusted, threshold, 2);
  const reason =
    `No drift once ${others.length + 1} series are looked at together: ` +
    `calibrated p ${probability(calibratedP, 2)}, adjusted ${shown.first}, threshold ${shown.second}.`;
  return { ...report, verdict: 'stable', cause: null, reason };
}
