import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePredict } from '../../estimator/parsePredict.ts';

const symbol = undefined;
const horizon = 1;

test('the fields of a body tell what is asked for', () => {
  assert.deepEqual(parsePredict(undefined), { form: 'symbol', symbol, horizon });
  assert.throws(() => parsePredict(null), { code: 'INVALID_INPUT', message: /^The body is null; / });
  assert.deepEqual(parsePredict({ symbol: 'A', horizon: 60 }), { form: 'symbol', symbol: 'A', horizon: 60 });
  assert.deepEqual(parsePredict({ data: [1, 2], symbol: 'A', horizon: 2 }), {
    form: 'window',
    symbol: 'A',
    horizon: 2,
    closes: Float64Array.of(1, 2),
  });
  assert.deepEqual(parsePredict({ data: [] }), { form: 'window', symbol, horizon, closes: new Float64Array() });
  for (const name of ['data', 'windows']) {
    assert.deepEqual(parsePredict({ [name]: [[1], [2, 3]], symbol: 'A', horizon: 3 }), {
      form: 'batch',
      symbol: 'A',
      horizon: 3,
      windows: [Float64Array.of(1), Float64Array.of(2, 3)],
    });
  }
  assert.deepEqual(parsePredict({ date: '2020-02-29', symbol: 'A' }), {
    form: 'date',
    symbol: 'A',
    horizon,
    day: '2020-02-29',
  });
  const range = { start_date: '2020-01-02', end_date: '2020-01-03' };
  assert.deepEqual(parsePredict({ ...range, seq_length: 20, symbol: 'A', horizon: 4 }), {
    form: 'range',
    symbol: 'A',
    horizon: 4,
    from: '2020-01-02',
    to: '2020-01-03',
    sequenceLength: 20,
  });
  assert.deepEqual(parsePredict({ ...range, start_date: '2020-01-03' }), {
    form: 'range',
    symbol,
    horizon,
    from: '2020-01-03',
    to: '2020-01-03',
    sequenceLength: undefined,
  });
});

test('as many windows are read as is said, and one more is refused', () => {
  const windows = (length: number) => Array.from({ length }, () => [1]);
  const parsed = parsePredict({ windows: windows(2_000) });
  assert.equal(parsed.form === 'batch' && parsed.windows.length, 2_000);
  for (const [list, read] of [
    [windows(2_001), 'a list of 2001'],
    [[], 'a list of 0'],
    ['x', '"x"'],
  ] as const) {
    assert.throws(() => parsePredict({ windows: list }), {
      code: 'INVALID_INPUT',
      message: `"windows" is ${read}; expected a list of 1 to 2000 windows of numbers.`,
    });
  }
});

test('what is not a request is refused with what was read and what was expected', () => {
  for (const [body, code, message] of [
    [
      'text',
      'INVALID_INPUT',
      'The body is "text"; expected an object such as {"data": [60 or more numbers]} or {"symbol": "MSFT"}.',
    ],
    [[1, 2], 'INVALID_INPUT', /^The body is a list of 2; expected an object/],
    [7, 'INVALID_INPUT', /^The body is 7; /],
    [{ data: 5 }, 'INVALID_INPUT', '"data" is 5; expected a list of numbers, oldest first.'],
    [{ data: [1, null] }, 'INVALID_INPUT', 'Value 2 of "data" is null; expected a finite number.'],
    [{ data: ['1'] }, 'INVALID_INPUT', 'Value 1 of "data" is "1"; expected a finite number.'],
    [{ data: [1, Infinity] }, 'INVALID_INPUT', 'Value 2 of "data" is Infinity; expected a finite number.'],
    [{ data: [[1], 2] }, 'INVALID_INPUT', '"data[1]" is 2; expected a list of numbers, oldest first.'],
    [{ windows: [[1], [2, true]] }, 'INVALID_INPUT', 'Value 2 of "windows[1]" is true; expected a finite number.'],
    [{ data: [[1]], windows: [[1]] }, 'INVALID_INPUT', 'The request has both "data" and "windows"; send one of them.'],
    [{ data: [1], windows: [[1]] }, 'INVALID_INPUT', 'The request has both "data" and "windows"; send one of them.'],
    [{ date: '2020-02-30' }, 'INVALID_DAY', /2020-02-30/],
    [
      { date: '2020-01-01', horizon: 2 },
      'INVALID_INPUT',
      /^"horizon" is not a field of this form of request, which takes date, symbol\. The forms and their fields: /,
    ],
    [{ date: 5 }, 'INVALID_INPUT', /^"date" is 5; expected a day such as 2020-03-16\.$/],
    [{ start_date: '2020-01-01' }, 'INVALID_INPUT', '"end_date" is missing; expected a day such as 2020-03-16.'],
    [{ end_date: '2020-01-01' }, 'INVALID_INPUT', /^"start_date" is missing; /],
    [
      { start_date: '2020-01-02', end_date: '2020-01-01' },
      'NO_SUCH_DAYS',
      'start_date 2020-01-02 is after end_date 2020-01-01, so no day lies between them; swap them.',
    ],
    [{ start_date: '2020-01-01', end_date: '2020-01-02', seq_length: 0 }, 'INVALID_INPUT', /^"seq_length" is 0; /],
    [
      { start_date: '2020-01-01', end_date: '2020-01-02', seq_length: 10_001 },
      'INVALID_INPUT',
      /^"seq_length" is 10001; /,
    ],
    [{ start_date: '1-1-2020', end_date: '2020-01-02' }, 'INVALID_INPUT', /^"start_date" is "1-1-2020"; /],
    [{ start_date: '2020-01-01x', end_date: '2020-01-02' }, 'INVALID_INPUT', /^"start_date" is "2020-01-01x"; /],
    [{ horizon: 0 }, 'INVALID_INPUT', /^"horizon" is 0; /],
    [{ horizon: 61 }, 'INVALID_INPUT', /^"horizon" is 61; /],
    [{ horizon: 1.5 }, 'INVALID_INPUT', /^"horizon" is 1\.5; /],
    [{ symbol: '' }, 'INVALID_INPUT', /^"symbol" is ""; /],
    [{ symbol: 'x'.repeat(65) }, 'INVALID_INPUT', /^"symbol" is "x{39}…; /],
    [
      { horizn: 2 },
      'INVALID_INPUT',
      '"horizn" is not a field of any request. Did you mean "horizon"? The forms and their fields: Symbol (symbol, horizon); Window (data, symbol, horizon); Batch (data, windows, symbol, horizon); Date (date, symbol); Range (start_date, end_date, seq_length, symbol, horizon).',
    ],
    [
      { data: [1], date: 'x' },
      'INVALID_INPUT',
      /^"date" is not a field of this form of request, which takes data, symbol, horizon\. /,
    ],
    [{ windows: [[1]], horizon: '2' }, 'INVALID_INPUT', /^"horizon" is "2"; /],
  ] as const) {
    assert.throws(() => parsePredict(body), { code, message }, JSON.stringify(body));
  }
  assert.equal(parsePredict({ symbol: 'x'.repeat(64) }).symbol?.length, 64);
});
