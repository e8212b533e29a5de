import type { DriftCause } from '../distribution/report.ts';

/** One question each, asked of every standardised change; the last, of the change as it is. */
export const DETECTORS = [
  'volatility-up',
  'volatility-down',
  'mean-up',
  'mean-down',
  'skew-right',
  'skew-left',
  'tails-heavier',
  'tails-lighter',
  'volatility-level',
] as const;

export type Detector = (typeof DETECTORS)[number];

/** What each speaks for. */
export const CAUSE_OF: Readonly<Record<Detector, Exclude<DriftCause, 'feed'>>> = {
  'volatility-up': 'volatility',
  'volatility-down': 'volatility',
  'mean-up': 'mean',
  'mean-down': 'mean',
  'skew-right': 'shape',
  'skew-left': 'shape',
  'tails-heavier': 'shape',
  'tails-lighter': 'shape',
  'volatility-level': 'volatility',
};
