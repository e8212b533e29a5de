import assert from 'node:assert/strict';
import type { TradingDay } from '../../../../core/series/day.ts';
import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { ModelVersion } from '../../../../core/model/version.ts';
import { readConfig } from '../../../../estimator/config.ts';
import { startEstimator } from '../../../../estimator/server.ts';
import { silentLog } from '../../../../lab/silentLog.ts';

interface Figures {
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
  readonly naive: number;
}

/** What a caller was told, as it must stand in the prediction log. */
export interface Answer extends Figures {
  readonly form: 'symbol' | 'window' | 'range';
  readonly asOf: TradingDay | null;
  readonly horizon: number;
  readonly version: ModelVersion;
  /** The days ahead one by one, where they were asked for. */
  readonly ahead: readonly Omit<Figures, 'naive'>[];
}

/** As the estimator's document says. */
interface Reply extends Figures {
  readonly asOf: TradingDay | null;
  readonly model: { readonly version: ModelVersion };
  readonly forecast?: readonly Figures[];
  readonly predictions?: readonly Figures[];
}

/** A caller asks a real estimator for the next days, for a range, and about numbers of its own; then the estimator ends. */
export async function callEstimator(databaseUrl: string, symbol: SeriesSymbol): Promise<Answer[]> {
  const estimator = await startEstimator({
    config: { ...readConfig({}), port: 0, symbols: [symbol] },
    databaseUrl,
    log: silentLog,
  });
  const ask = async (form: Answer['form'], body: object, horizon = 1): Promise<Answer> => {
    const response = await fetch(`${estimator.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ symbol, ...body }),
    });
    assert.equal(response.status, 200, await response.clone().text());
    const reply = (await response.json()) as Reply;
    const { prediction, lower, upper, naive } = reply.predictions?.at(-1) ?? reply;
    const { asOf, model, forecast: ahead = [] } = reply;
    return { form, asOf, horizon, version: model.version, prediction, lower, upper, naive, ahead };
  };
  try {
    const next = await ask('symbol', { horizon: 2 });
    const numbers = Array.from({ length: 60 }, (_, i) => 100 + Math.sin(i));
    const range = { start_date: next.asOf, end_date: next.asOf, horizon: 2 };
    return [next, await ask('window', { data: numbers }), await ask('range', range, 2)];
  } finally {
    await estimator.close();
  }
}
