import type { Histogram } from 'prom-client';
import type { TradingDay } from '../../core/series/day.ts';
import type { NewPrediction, RequestForm } from '../../db/tables/predictions.ts';
import type { PredictionLog } from './predictionLog.ts';
import type { ServedSymbol } from './servedSymbol.ts';

export interface Answered {
  readonly form: RequestForm;
  readonly asOf: TradingDay | null;
  readonly horizon: number;
  /** The forecast that stands for the answer in the record: of a range or batch the last. */
  readonly forecast: Pick<NewPrediction, 'prediction' | 'lower' | 'upper' | 'naive'>;
  readonly seconds: number;
}

/** Notes every answered request in the metrics and in the prediction log. */
export type Recorder = (served: ServedSymbol, answered: Answered) => void;

export interface RecorderOptions {
  readonly log: PredictionLog;
  readonly duration: Histogram<'symbol'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createRecorder({ log, duration, now }: RecorderOptions): Recorder {
  return ({ symbol, model }, { form, asOf, horizon, forecast, seconds }) => {
    duration.observe({ symbol }, seconds);
    const { prediction, lower, upper, naive } = forecast;
    log.add({
      at: now(),
      symbol,
      version: model.version,
      form,
      asOf,
      horizon,
      prediction,
      lower,
      upper,
      naive,
      seconds,
    });
  };
}
