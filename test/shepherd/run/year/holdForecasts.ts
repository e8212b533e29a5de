import type { ModelVersion } from '../../../../core/model/version.ts';
import assert from 'node:assert/strict';
import type { Books } from './books.ts';
import { assertHolds, assertSame } from './figures.ts';

/** Holds every forecast to the day it was made on: the close it began at, the volatility known then, the band of that day. */
export function holdForecasts({ symbols, record }: Books): void {
  for (const [symbol, { forecasts }] of symbols) {
    const rows = record.forecasts.filter((row) => row.symbol === symbol);
    assertSame(rows.map(nameOf), forecasts.booked.map(nameOf), `forecasts of ${symbol}`);
    for (const [i, { naive, naiveSpread, width }] of forecasts.booked.entries()) {
      const { distribution, ...row } = rows[i]!; // as many as are booked
      const at = (change: number): number => naive * Math.exp(distribution.mean + change);
      const half = width * distribution.spread;
      const expected = { level: 0.9, naive, naiveSpread, prediction: at(0), lower: at(-half), upper: at(half) };
      assertHolds(row, expected, `forecast ${nameOf(row)} of ${symbol}`);
    }
  }
}

/** Holds every score to the forecast and the close that met in it. */
export function holdScores({ symbols, record }: Books): void {
  for (const [symbol, { forecasts }] of symbols) {
    const scores = new Map(
      record.scores.flatMap((row) => (row.symbol === symbol ? [[row.forecastId, row] as const] : [])),
    );
    for (const { row, score, ...booked } of forecasts.booked) {
      const what = `score of the forecast ${nameOf(booked)} of ${symbol}`;
      const found = scores.get(row?.id ?? -1);
      if (score === undefined) {
        assert.equal(found, undefined, what);
        continue;
      }
      const { crps, naiveCrps, ...exact } = score;
      const { version, horizon } = booked;
      assertHolds(found, { version, horizon, ...exact }, what);
      assertHolds(found, { crps, naiveCrps }, what, 1e-4);
    }
    assert.equal(scores.size, forecasts.booked.filter(({ score }) => score !== undefined).length);
  }
}

/** Holds the prediction log to what callers were told, what callers were told to the forecasts, and both to the closes that came. */
export function holdAnswers({ symbols, record }: Books): void {
  const told = [...symbols.values()].flatMap((its) => its.told);
  assertSame(
    record.predictions.map(({ seconds: _seconds, symbol: _symbol, ...row }) => row),
    told.map(({ answer: { ahead: _ahead, ...answer }, day, actual }) => ({ ...answer, day, actual })),
    'answers',
  );
  assert.ok(told.some(({ day }) => day !== null) && told.some(({ day }) => day === null));
  for (const { answer } of told.filter(({ answer: { form } }) => form === 'symbol')) {
    const given = record.forecasts.filter((row) => row.version === answer.version && row.asOf === answer.asOf);
    const levels = ({ prediction, lower, upper }: (typeof answer.ahead)[number]): number[] => [
      prediction,
      lower,
      upper,
    ];
    assert.deepEqual(answer.ahead.map(levels), given.map(levels));
  }
}

function nameOf({ version, asOf, horizon }: { version: ModelVersion; asOf: string; horizon: number }): string {
  return `${version} ${asOf} ${horizon}`;
}
