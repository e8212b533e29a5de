import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerBatch } from '../../estimator/answers/batch.ts';
import { parseInference, toInferResponse } from '../../estimator/openInference.ts';
import { NUMERIC_DATATYPES } from '../../estimator/schemas/openInference.ts';
import { serveSeries } from './helpers/servedSeries.ts';
import { TEST_SERIES } from './helpers/testApp.ts';

const input = (shape: readonly number[], data: readonly unknown[], datatype = 'FP64') => ({
  name: 'closes',
  shape,
  datatype,
  data,
});
const windowsOf = (shape: readonly number[], data: readonly unknown[]): number[][] =>
  parseInference({ inputs: [input(shape, data)] }).windows.map((window) => [...window]);

test('a tensor is read row by row, flat or nested, as one window where it has one dimension', () => {
  assert.deepEqual(windowsOf([2, 3], [1, 2, 3, 4, 5, 6]), [[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  assert.deepEqual(windowsOf([2, 3], [[1, 2, 3], [4, 5, 6]]), [[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  assert.deepEqual(windowsOf([3], [1, 2, 3]), [[1, 2, 3]]);
  assert.equal(
    windowsOf(
      [2_000, 1],
      Array.from({ length: 2_000 }, () => 1),
    ).length,
    2_000,
  );
  for (const datatype of NUMERIC_DATATYPES) parseInference({ inputs: [input([1], [1], datatype)] });
});

test('without parameters it is one day ahead with every output; id, horizon and outputs are heeded', () => {
  const all = ['prediction', 'lower', 'upper', 'naive'];
  const plain = parseInference({ inputs: [input([1], [1])] });
  assert.deepEqual([plain.id, plain.horizon, plain.outputs], [undefined, 1, all]);
  assert.deepEqual(parseInference({ inputs: [input([1], [1])], outputs: [] }).outputs, all);
  const asked = parseInference({
    id: 'a',
    inputs: [input([1], [1])],
    parameters: { horizon: 60 },
    outputs: [{ name: 'upper' }, { name: 'naive' }],
  });
  assert.deepEqual([asked.id, asked.horizon, asked.outputs], ['a', 60, ['upper', 'naive']]);
});

test('what cannot be read is refused with what was read and what was expected', () => {
  const one = input([1], [1]);
  for (const [body, message] of [
    [{ inputs: [input([1], [1], 'BYTES')] }, /^The datatype is "BYTES"; expected one of FP64, FP32, .*, UINT8\.$/],
    [
      { inputs: [input([2, 2], [1, 2, 3])] },
      'The tensor has 3 values and shape [2, 2]; expected 1 to 2000 windows and as many values as the shape says.',
    ],
    [{ inputs: [input([0, 5], [])] }, /has 0 values and shape \[0, 5\]/],
    [
      {
        inputs: [
          input(
            [2_001, 1],
            Array.from({ length: 2_001 }, () => 1),
          ),
        ],
      },
      /has 2001 values/,
    ],
    [{ inputs: [input([2], [1, 'x'])] }, 'Value 2 of the tensor is "x"; expected a finite number.'],
    [{ inputs: [input([2], [Infinity, 1])] }, 'Value 1 of the tensor is Infinity; expected a finite number.'],
    ...[0, 61, 1.5, '2', null].map(
      (horizon) =>
        [
          { inputs: [one], parameters: { horizon } },
          `The parameter horizon is ${JSON.stringify(horizon)}; expected a whole number from 1 to 60.`,
        ] as const,
    ),
    [
      { inputs: [one], outputs: [{ name: 'mood' }] },
      'There is no output "mood"; the outputs are prediction, lower, upper, naive.',
    ],
    [{ inputs: [one, one] }, /^"inputs" is a list of 2; /],
    [{ inputs: [input([1, 1, 1], [1])] }, /^"inputs\/0\/shape" is a list of 3; /],
    [{ inputs: [input([-1], [1])] }, /^"inputs\/0\/shape\/0" is -1; /],
    [{ inputs: [one], id: 'x'.repeat(201) }, /^"id" is "x/],
  ] as const) {
    assert.throws(() => parseInference(body), { code: 'INVALID_INPUT', message }, JSON.stringify(body).slice(0, 80));
  }
});

test('the answer has a tensor an output, a row a window and a column a day, and says which model it is', async () => {
  const served = serveSeries(TEST_SERIES);
  const windows = [TEST_SERIES.closes.subarray(0, 60), TEST_SERIES.closes.subarray(100, 160)];
  for (const horizon of [1, 3]) {
    const inference = { id: 'mine', windows, horizon, outputs: ['upper', 'prediction', 'naive', 'lower'] as const };
    const batch = await answerBatch(served, windows, horizon);
    const answer = toInferResponse(served, inference, batch);
    const rows = batch.predictions.map((each) =>
      each.forecast.map(({ prediction, lower, upper }) => ({
        prediction,
        lower,
        upper,
        naive: each.naive,
      })),
    );
    assert.deepEqual(
      answer.outputs,
      inference.outputs.map((name) => ({
        name,
        shape: [2, horizon],
        datatype: 'FP64',
        data: rows.flat().map((day) => day[name]),
      })),
    );
    const { outputs: _, ...rest } = answer;
    assert.deepEqual(rest, {
      model_name: 'CALM',
      model_version: '7',
      id: 'mine',
      parameters: { level: 0.9, trainedTo: '2000-06-01' },
    });
    assert.equal('id' in toInferResponse(served, { ...inference, id: undefined }, batch), false);
  }
});
