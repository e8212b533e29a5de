import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerBatch } from '../../estimator/answers/batch.ts';
import { parseInference as parseBody, toInferAnswer } from '../../estimator/openInference.ts';
import { NUMERIC_DATATYPES, readTensor, writeTensor } from '../../estimator/tensors.ts';
import { serveSeries } from './helpers/servedSeries.ts';
import { TEST_SERIES } from './helpers/testApp.ts';

const input = (shape: readonly number[], data: readonly unknown[], datatype = 'FP64') => ({
  name: 'closes',
  shape,
  datatype,
  data,
});
const parseInference = (json: object, tensors: Uint8Array = new Uint8Array(0)) => parseBody({ json, tensors });
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
  const all = ['prediction', 'lower', 'upper', 'naive'].map((name) => ({ name, binary: false }));
  const plain = parseInference({ inputs: [input([1], [1])] });
  assert.deepEqual([plain.id, plain.horizon, plain.outputs], [undefined, 1, all]);
  assert.deepEqual(parseInference({ inputs: [input([1], [1])], outputs: [] }).outputs, all);
  const asked = parseInference({
    id: 'a',
    inputs: [input([1], [1])],
    parameters: { horizon: 60 },
    outputs: [{ name: 'upper' }, { name: 'naive' }],
  });
  assert.deepEqual(
    [asked.id, asked.horizon, asked.outputs],
    [
      'a',
      60,
      [
        { name: 'upper', binary: false },
        { name: 'naive', binary: false },
      ],
    ],
  );
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
    const names = ['upper', 'prediction', 'naive', 'lower'] as const;
    const inference = { id: 'mine', windows, horizon, outputs: names.map((name) => ({ name, binary: false })) };
    const batch = await answerBatch(served, windows, horizon);
    const { json: answer, tensors } = toInferAnswer(served, inference, batch);
    assert.deepEqual(tensors, []);
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
      names.map((name) => ({
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
    assert.equal('id' in toInferAnswer(served, { ...inference, id: undefined }, batch).json, false);
  }
});

const numbers = [1, 2.5, -3, 0.000061035, 1024];

test('a tensor of bytes is read as the numbers that NumPy wrote, in each datatype', () => {
  const write: Record<string, (view: DataView, at: number, value: number) => number> = {
    FP64: (view, at, value) => (view.setFloat64(at, value, true), 8),
    FP32: (view, at, value) => (view.setFloat32(at, value, true), 4),
    INT64: (view, at, value) => (view.setBigInt64(at, BigInt(Math.trunc(value)), true), 8),
    INT16: (view, at, value) => (view.setInt16(at, value, true), 2),
    UINT16: (view, at, value) => (view.setUint16(at, value, true), 2),
  };
  for (const [datatype, put] of Object.entries(write)) {
    const view = new DataView(new ArrayBuffer(64));
    const size = numbers.reduce((at, value) => at + put(view, at, value), 0);
    const read = readTensor(new Uint8Array(view.buffer, 0, size), datatype as 'FP64');
    const expected = numbers.map((value) =>
      datatype === 'FP64' ? value : datatype === 'FP32' ? Math.fround(value) : Math.trunc(value),
    );
    assert.deepEqual(
      read,
      datatype === 'UINT16' ? expected.map((value) => (value < 0 ? value + 65_536 : value)) : expected,
    );
  }
  // Binary16 as IEEE 754 has it: 1, -2, the largest, the smallest subnormal, infinity.
  const halves = Uint8Array.from([0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x01, 0x00, 0x00, 0x7c]);
  assert.deepEqual(readTensor(halves, 'FP16'), [1, -2, 65_504, 2 ** -24, Infinity]);
  assert.deepEqual(readTensor(writeTensor(numbers), 'FP64'), numbers);
  assert.throws(() => readTensor(new Uint8Array(9), 'FP64'), { code: 'INVALID_INPUT', message: /9 bytes/ });
});

test('bytes after the JSON are the tensor, and outputs asked for as bytes follow the answer in their order', async () => {
  const bytes = writeTensor([1, 2, 3, 4]);
  const { data: _, ...bare } = input([2, 2], []);
  const sized = (size: number) => ({ inputs: [{ ...bare, parameters: { binary_data_size: size } }] });
  assert.deepEqual(
    parseInference(sized(32), bytes).windows.map((window) => [...window]),
    [[1, 2], [3, 4]], // prettier-ignore
  );
  for (const [json, tensors, message] of [
    [sized(24), bytes, /binary_data_size is 24, and 32 bytes follow/],
    [{ inputs: [bare] }, undefined, /no "data", and no bytes/],
    [{ inputs: [{ ...input([1], [1]), parameters: { binary_data_size: 32 } }] }, bytes, /both "data" and bytes/],
    [sized(9), new Uint8Array(9), /9 bytes; FP64 has 8/],
  ] as const)
    assert.throws(() => parseInference(json, tensors), { code: 'INVALID_INPUT', message });

  const served = serveSeries(TEST_SERIES);
  const window = TEST_SERIES.closes.subarray(0, 60);
  const asked = parseInference({
    inputs: [input([60], [...window])],
    parameters: { binary_data_output: true },
    outputs: [{ name: 'upper' }, { name: 'naive', parameters: { binary_data: false } }, { name: 'lower' }],
  });
  const { json, tensors } = toInferAnswer(served, asked, await answerBatch(served, [window], 1));
  const plain = toInferAnswer(
    served,
    { ...asked, outputs: asked.outputs.map(({ name }) => ({ name, binary: false })) },
    await answerBatch(served, [window], 1),
  );
  assert.deepEqual(
    json.outputs.map(({ name, parameters, data }) => [name, parameters, data?.length]),
    [
      ['upper', { binary_data_size: 8 }, undefined],
      ['naive', undefined, 1],
      ['lower', { binary_data_size: 8 }, undefined],
    ],
  );
  assert.deepEqual(
    tensors.map((each) => readTensor(each, 'FP64')),
    [plain.json.outputs[0]?.data, plain.json.outputs[2]?.data],
  );
});
