import type { Collector } from '../collection.ts';
import { champions } from './champions.ts';
import { dataFreshness } from './dataFreshness.ts';
import { drift } from './drift.ts';
import { forecastQuality } from './forecastQuality.ts';
import { forecastsScored } from './forecastsScored.ts';
import { heldBars } from './heldBars.ts';
import { lastSuccess } from './lastSuccess.ts';
import { predictions } from './predictions.ts';
import { runDuration } from './runDuration.ts';
import { runs } from './runs.ts';

/** Everything the exporter asks, one question a file. */
export const collectors: readonly Collector[] = [
  dataFreshness,
  heldBars,
  drift,
  champions,
  forecastQuality,
  forecastsScored,
  runs,
  lastSuccess,
  runDuration,
  predictions,
];
