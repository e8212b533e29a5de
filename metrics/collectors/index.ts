import type { Collector } from '../collection.ts';
import { champions } from './champions.ts';
import { dataFreshness } from './dataFreshness.ts';
import { drift } from './drift.ts';
import { forecastQuality } from './forecastQuality.ts';
import { forecastsScored } from './forecastsScored.ts';
import { heldBars } from './heldBars.ts';
import { feedDays } from './feedDays.ts';
import { lastSuccess } from './lastSuccess.ts';
import { predictions } from './predictions.ts';
import { queue } from './queue.ts';
import { record } from './record.ts';
import { retrainBudget } from './retrainBudget.ts';
import { runDuration } from './runDuration.ts';
import { runs } from './runs.ts';

/** Everything the exporter asks, one question a file. */
export const collectors: readonly Collector[] = [
  dataFreshness,
  feedDays,
  heldBars,
  drift,
  retrainBudget,
  champions,
  forecastQuality,
  forecastsScored,
  runs,
  lastSuccess,
  runDuration,
  predictions,
  queue,
  record,
];
