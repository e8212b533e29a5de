import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Prediction } from '../../estimator/schemas/answer.ts';
import type { InferResponse } from '../../estimator/schemas/openInference.ts';
import { ask, type Refusal } from './helpers/ask.ts';
import { createTestApp, TEST_SERIES, type TestApp } from './helpers/testApp.ts';

const WINDOW = [...TEST_SERIES.closes.slice(-60)];
const tensor = (shape: number[], data: unknown) => ({ inputs: [{ name: 'closes', shape, datatype: 'FP64', data }] });

async function infer<T>({ app }: TestApp, payload: object, status = 200, path = '/v2/models/CALM/infer'): Promise<T> {
  const reply = await app.inject({ method: 'POST', url: path, payload });
  assert.equal(reply.statusCode, status, reply.body);
  return reply.json<T>();
}

test('the server says that it lives, is ready, and what its models read', async (t) => {
  const { app } = await createTestApp(t);
  assert.deepEqual((await app.inject('/v2/health/live')).json(), { live: true });
  assert.deepEqual((await app.inject('/v2/health/ready')).json(), { ready: true });
  assert.equal((await app.inject('/v2')).json<{ name: string }>().name, 'shepherd');
  const metadata = (await app.inject('/v2/models/CALM')).json<{ inputs: unknown }>();
  assert.deepEqual(metadata.inputs, [{ name: 'closes', datatype: 'FP64', shape: [-1, 60] }]);
  assert.deepEqual((await app.inject('/v2/models/CALM/ready')).json(), { name: 'CALM', ready: true });
  assert.equal((await app.inject('/v2/models/CALM/versions/1')).statusCode, 200);
  assert.equal((await app.inject('/v2/models/CALM/versions/9')).json<Refusal>().code, 'UNKNOWN_VERSION');
  assert.equal((await app.inject('/v2/models/NOPE/ready')).statusCode, 404);
});

test('an estimator without a model lives but is not ready, and its models are not there', async (t) => {
  const { app } = await createTestApp(t, { loaded: false });
  assert.equal((await app.inject('/v2/health/live')).statusCode, 200);
  const ready = await app.inject('/v2/health/ready');
  assert.deepEqual([ready.statusCode, ready.json()], [503, { ready: false }]);
  for (const path of ['/v2/models/CALM', '/v2/models/CALM/ready', '/v2/models/CALM/versions/1/ready']) {
    assert.equal((await app.inject(path)).statusCode, 404, path);
  }
});

test('a tensor of windows is answered with the numbers /predict gives, flat or nested', async (t) => {
  const target = await createTestApp(t);
  const { prediction, lower, upper, naive } = await ask<Prediction>(target, { data: WINDOW });
  const twice = await infer<InferResponse>(target, { id: 'mine', ...tensor([2, 60], [WINDOW, WINDOW]) });
  assert.equal(twice.id, 'mine');
  assert.equal(twice.model_version, '1');
  const expected = { prediction, lower, upper, naive };
  for (const { name, shape, data } of twice.outputs) {
    assert.deepEqual(shape, [2, 1]);
    const value = expected[name as keyof typeof expected];
    assert.deepEqual(data, [value, value]);
  }
  const flat = await infer<InferResponse>(target, tensor([60], WINDOW));
  assert.deepEqual(flat.outputs[0]?.data, [prediction]);
});

test('a horizon and a choice of outputs are heeded', async (t) => {
  const target = await createTestApp(t);
  const { forecast = [] } = await ask<Prediction>(target, { data: WINDOW, horizon: 3 });
  const reply = await infer<InferResponse>(target, {
    ...tensor([1, 60], WINDOW),
    parameters: { horizon: 3 },
    outputs: [{ name: 'upper' }],
  });
  assert.deepEqual(reply.outputs, [
    { name: 'upper', shape: [1, 3], datatype: 'FP64', data: forecast.map(({ upper }) => upper) },
  ]);
});

test('what is not such a tensor is refused with the reason', async (t) => {
  const target = await createTestApp(t);
  const refusals: [object, RegExp][] = [
    [{}, /"inputs" is missing/],
    [{ inputs: [] }, /"inputs" is a list of 0/],
    [tensor([1, 61], WINDOW), /60 values and shape \[1, 61\]/],
    [tensor([1, 60], WINDOW.map(String)), /Value 1 of the tensor/],
    [{ inputs: [{ name: 'closes', shape: [60], datatype: 'BYTES', data: WINDOW }] }, /datatype is "BYTES"/],
    [{ ...tensor([60], WINDOW), parameters: { horizon: 0 } }, /horizon is 0/],
    [{ ...tensor([60], WINDOW), outputs: [{ name: 'mood' }] }, /no output "mood"/],
  ];
  for (const [payload, sentence] of refusals) {
    const { error, code } = await infer<Refusal>(target, payload, 400);
    assert.match(error, sentence);
    assert.equal(code, 'INVALID_INPUT');
  }
  assert.equal((await infer<Refusal>(target, tensor([2], [1, 2]), 400)).code, 'TOO_FEW_VALUES');
});

test('JSON is read whatever type it is given, or none; a length of the JSON part beyond the body is refused', async (t) => {
  const { app } = await createTestApp(t);
  const url = '/v2/models/CALM/infer';
  const payload = JSON.stringify(tensor([60], WINDOW));
  for (const type of [undefined, 'application/json; charset=utf-8', 'application/octet-stream', 'text/plain']) {
    const reply = await app.inject({
      method: 'POST',
      url,
      payload,
      headers: type === undefined ? {} : { 'content-type': type },
    });
    assert.equal(reply.statusCode, 200, `${type}: ${reply.body}`);
  }
  const xml = await app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/xml' } });
  assert.equal(xml.json<Refusal>().code, 'UNSUPPORTED_MEDIA_TYPE');
  for (const length of ['x', '-1', '1e3', String(payload.length + 1)]) {
    const reply = await app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'inference-header-content-length': length },
    });
    assert.match(reply.json<Refusal>().error, /Inference-Header-Content-Length/, length);
  }
  assert.equal((await app.inject({ method: 'POST', url })).statusCode, 400);
});
