import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Prediction } from '../../estimator/schemas/answer.ts';
import { ask } from '../estimator/helpers/ask.ts';
import { createTestApp, TEST_SERIES } from '../estimator/helpers/testApp.ts';
import { runScript, withClients } from './python.ts';

const WINDOW = [...TEST_SERIES.closes.slice(-60)];
const OUTPUTS = ['prediction', 'lower', 'upper', 'naive'] as const;
type Outputs = Readonly<Record<(typeof OUTPUTS)[number], readonly (readonly number[])[]>>;

async function startEstimator(t: Parameters<typeof createTestApp>[0]) {
  const target = await createTestApp(t);
  return { target, url: await target.app.listen({ host: '127.0.0.1', port: 0 }) };
}

/** A client that sends FP32 gets the forecasts of the values as it rounded them. */
function windowAs(datatype: string): number[] {
  return datatype.startsWith('FP32') ? WINDOW.map(Math.fround) : WINDOW;
}

interface TritonAnswers {
  readonly live: boolean;
  readonly ready: boolean;
  readonly modelReady: readonly boolean[];
  readonly server: { readonly extensions: readonly string[] };
  readonly model: { readonly inputs: unknown };
  readonly answers: Readonly<Record<string, { id: string; version: string; outputs: Outputs }>>;
  readonly ahead: { readonly outputs: Pick<Outputs, 'upper'> };
  readonly refusals: readonly { status: string; message: string }[];
}

test(
  "NVIDIA's tritonclient gets the numbers of /predict, by JSON and by bytes, as FP32 and as FP64",
  withClients,
  async (t) => {
    const { target, url } = await startEstimator(t);
    const told = await runScript<TritonAnswers>('triton.py', url.replace('http://', ''), 'CALM', WINDOW);
    assert.deepEqual([told.live, told.ready, told.modelReady], [true, true, [true, false, true]]);
    assert.deepEqual(told.server.extensions, ['binary_tensor_data']);
    assert.deepEqual(told.model.inputs, [{ name: 'closes', datatype: 'FP64', shape: [-1, 60] }]);
    assert.equal(Object.keys(told.answers).length, 4);
    for (const [form, { id, version, outputs }] of Object.entries(told.answers)) {
      const expected = await ask<Prediction>(target, { data: windowAs(form) });
      assert.deepEqual([id, version], ['mine', '1']);
      for (const name of OUTPUTS)
        assert.deepEqual(outputs[name], [[expected[name]], [expected[name]]], `${form} ${name}`);
    }
    const { forecast = [] } = await ask<Prediction>(target, { data: WINDOW, horizon: 3 });
    const upper = forecast.map((day) => day.upper);
    assert.deepEqual(told.ahead.outputs.upper, [upper, upper]);
    const [short, unknown] = told.refusals;
    assert.deepEqual([short?.status, unknown?.status], ['400', '404']);
    assert.match(short!.message, /at least 60 values/);
    assert.match(unknown!.message, /known symbols/);
  },
);

interface KserveAnswers {
  readonly live: boolean;
  readonly ready: boolean;
  readonly modelReady: boolean;
  readonly answers: Readonly<Record<string, Outputs>>;
}

test(
  "KServe's client gets the numbers of /predict, by JSON and by bytes, as FP32 and as FP64",
  withClients,
  async (t) => {
    const { target, url } = await startEstimator(t);
    const { answers, ...state } = await runScript<KserveAnswers>('kserveClient.py', url, 'CALM', WINDOW);
    assert.deepEqual(state, { live: true, ready: true, modelReady: true });
    assert.equal(Object.keys(answers).length, 4);
    for (const [form, outputs] of Object.entries(answers)) {
      const expected = await ask<Prediction>(target, { data: windowAs(form) });
      for (const name of OUTPUTS) assert.deepEqual(outputs[name].flat(), [expected[name]], `${form} ${name}`);
    }
  },
);

interface Held {
  readonly asked: string;
  readonly status: number;
  readonly expected: number;
  readonly fault: string | null;
}

test("every operation of the protocol's own document is answered as that document says", withClients, async (t) => {
  const { url } = await startEstimator(t);
  const answers = await runScript<readonly Held[]>('protocol.py', url, 'CALM', '1', WINDOW);
  assert.ok(answers.length >= 20, `${answers.length}`);
  assert.deepEqual(
    answers.filter(({ fault, status, expected }) => fault !== null || status !== expected),
    [],
  );
});
