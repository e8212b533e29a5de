import { lastPrices } from '../../core/series/price.ts';
import type { PredictionAhead } from '../schemas/answer.ts';
import type { RenderedAnswer, ServedSymbol } from '../serving/servedSymbol.ts';
import { forecastWindow } from './forecast.ts';
import { qualityFields } from './quality.ts';
import { daysAhead } from './window.ts';

/** The next day or days after the last stored close, computed once for each model, day and horizon. */
export function answerSymbol(served: ServedSymbol, horizon: number): RenderedAnswer {
  const ready = served.rendered.get(horizon);
  if (ready !== undefined) return ready;
  const answer = forecastNextDays(served, horizon);
  const rendered = { answer, body: JSON.stringify(answer) };
  served.rendered.set(horizon, rendered);
  return rendered;
}

function forecastNextDays(served: ServedSymbol, horizon: number): PredictionAhead {
  const { days } = served.series;
  const { window } = served.model.predictor.spec;
  const forecasts = forecastWindow(served, lastPrices(served.series, window), horizon);
  const [{ prediction, lower, upper, naive }] = forecasts;
  return {
    prediction,
    lower,
    upper,
    naive,
    ...qualityFields(served),
    asOf: days.at(-1) ?? null,
    day: served.upcoming[0] ?? null,
    forecast: daysAhead(forecasts, served.upcoming),
  };
}
