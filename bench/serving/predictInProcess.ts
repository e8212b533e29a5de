/* eslint-disable @typescript-eslint/no-non-null-assertion -- a measurement a turn, two turns at least */
import { createPredictor } from '../../core/model/infer.ts';
import { DEFAULT_SPEC } from '../../core/model/spec.ts';
import { train } from '../../core/model/training/train.ts';
import { simulateSeries } from '../../lab/simulatedSeries.ts';
import { atMost, progress, quantile, type Bar } from '../report.ts';

/** Growth of resident memory that counts as flat: what the collector leaves behind between two of its turns. */
const FLAT_MEGABYTES = 16;
const TIMED = 2_000;

/** The in-process half of the `predict` bench: time of one window, and of each of a range; memory over many predictions. */
export function measureInProcess(options: { seed: number; predictions: number }): {
  results: Record<string, unknown>;
  bars: Bar[];
} {
  const { seed, predictions } = options;
  const { closes } = simulateSeries({ length: 1_000, seed });
  const spec = { ...DEFAULT_SPEC, maxEpochs: 1 };
  const predictor = createPredictor(train({ closes, validationDays: 60, spec, seed }).network);
  const window = closes.subarray(0, 60);
  for (let k = 0; k < TIMED; k += 1) predictor.predict(window);
  const one = Array.from({ length: TIMED }, () => milliseconds(() => predictor.predict(window)));
  const range = Array.from({ length: 20 }, () => milliseconds(() => predictor.predictRange(closes, 100, 420)) / 320);

  const resident: number[] = [];
  const turns = 20;
  for (let turn = 1; turn <= turns; turn += 1) {
    for (let k = 0; k < predictions / turns; k += 1) predictor.predict(window);
    resident.push(process.memoryUsage.rss() / 2 ** 20);
    progress(`${Math.round((turn * predictions) / turns)} predictions: ${Math.round(resident.at(-1)!)} MB`);
  }
  const growth = resident.at(-1)! - resident[1]!;
  return {
    results: {
      window: { n: TIMED, p50: quantile(one, 0.5), p99: quantile(one, 0.99) },
      windowOfARange: { n: range.length * 320, p50: quantile(range, 0.5) },
      memory: { predictions, afterATenthMegabytes: resident[1], atTheEndMegabytes: resident.at(-1) },
    },
    bars: [
      atMost('one window in-process, median ms', quantile(one, 0.5), 0.5),
      atMost(`growth of memory over ${predictions} predictions in-process, MB`, growth, FLAT_MEGABYTES),
    ],
  };
}

function milliseconds(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
