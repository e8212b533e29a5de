import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseVersion, type ModelVersion } from '../../core/model/version.ts';
import { parseRunId, type RunId } from '../../core/runId.ts';
import { parseDay, type TradingDay } from '../../core/series/day.ts';
import { parseSymbol, type SeriesSymbol } from '../../core/series/symbol.ts';

const [symbol, version, runId, day] = [parseSymbol('X'), parseVersion(1), parseRunId('1'), parseDay('2020-01-02')];

const ofSeries = (given: SeriesSymbol): string => given;
const ofModel = (given: ModelVersion): number => given;
const ofRun = (given: RunId): string => given;
const ofDay = (given: TradingDay): string => given;

describe('what names a series, a model, a run or a day', () => {
  it('stands for itself', () => {
    assert.deepEqual([ofSeries(symbol), ofModel(version), ofRun(runId), ofDay(day)], ['X', 1, '1', '2020-01-02']);
  });

  it('does not compile in the place of another, nor does a plain value', () => {
    // @ts-expect-error a run is no series
    ofSeries(runId);
    // @ts-expect-error a day is no series
    ofSeries(day);
    // @ts-expect-error a version is no series
    ofSeries(version);
    // @ts-expect-error text has to be read as a symbol first
    ofSeries('X');
    // @ts-expect-error a series is no run
    ofRun(symbol);
    // @ts-expect-error a version is no run
    ofRun(version);
    // @ts-expect-error text has to be read as the number of a run first
    ofRun('1');
    // @ts-expect-error a run is no model
    ofModel(runId);
    // @ts-expect-error a number has to be read as a version first
    ofModel(1);
    // @ts-expect-error a series is no day
    ofDay(symbol);
    // @ts-expect-error text has to be read as a day first
    ofDay('2020-01-02');
  });
});

describe('the version of a model', () => {
  it('is a whole number from 1, and anything else is refused in a sentence', () => {
    assert.deepEqual([parseVersion(4711), parseVersion('4711')], [4711, 4711]);
    for (const value of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 53, '', 'one', '1.5']) {
      assert.throws(() => parseVersion(value), {
        code: 'INVALID_INPUT',
        message: `"${value}" is not the version of a model; expected a whole number from 1.`,
      });
    }
  });
});

describe('the number of a run', () => {
  it('is digits, more than a number holds, and anything else is refused in a sentence', () => {
    assert.equal(parseRunId('9007199254740993'), '9007199254740993');
    for (const text of ['', '0', '01', '-1', '1.5', 'X', '1 ', '1\n', '1'.repeat(20)]) {
      assert.throws(() => parseRunId(text), {
        code: 'INVALID_INPUT',
        message: `"${text}" is not the number of a run; expected digits.`,
      });
    }
  });
});
