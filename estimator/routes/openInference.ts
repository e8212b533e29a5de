import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import { refusals, TURNED_AWAY, UNREADABLE } from '../../service/refusals.ts';
import { answerBatch } from '../answers/batch.ts';
import { parseInference, toInferAnswer, type InferAnswer } from '../openInference.ts';
import { HEADER_LENGTH, readInferBodies, type InferBody } from '../plugins/inferBodies.ts';
import {
  DocumentedInferRequest,
  InferResponse,
  ModelMetadata,
  OUTPUTS,
  ServerMetadata,
} from '../schemas/openInference.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import type { PredictOptions } from './predict.ts';

interface Params {
  readonly name: string;
  readonly version?: string;
}

const FOUND = {
  ...UNREADABLE,
  UNKNOWN_SYMBOL: '"NOPE" is not known here; known symbols: GSPC.',
  NO_CHAMPION: 'ACME has no model yet; its first one is promoted after its first run.',
  ...TURNED_AWAY,
} as const;
const FOUND_VERSION = {
  ...FOUND,
  UNKNOWN_VERSION: 'Version 7 of GSPC is not in service; version 1 is.',
} as const;
const INFER_REFUSALS = refusals({
  ...FOUND_VERSION,
  INVALID_INPUT:
    'The tensor has 59 values and shape [1, 60]; expected 1 to 2000 windows and as many values as the shape says.',
  TOO_FEW_VALUES: 'Window 1: Input data must have at least 60 values; these are 59.',
  INVALID_PRICE: 'The values move too wildly for a forecast; check their units.',
  PAYLOAD_TOO_LARGE: 'The body is too large; send less at once.',
  UNSUPPORTED_MEDIA_TYPE: 'The body is of a type that is not read here; send application/json.',
  OVERLOADED: 'This service is overloaded; try again in a moment.',
});

const Live = Type.Object({ live: Type.Literal(true) });
const Ready = Type.Object({ ready: Type.Boolean() });
const ModelReady = Type.Object({ name: Type.String(), ready: Type.Literal(true) });
const NameParameter = Type.Object({ name: Type.String({ description: 'A symbol.' }) });
const VersionParameters = Type.Object({ name: Type.String(), version: Type.String() });

/** The Open Inference Protocol, version 2 (KServe, Triton, MLServer), with symbols as model names. */
export function openInferenceRoutes(
  app: FastifyInstance,
  { serving, admission, recorder }: PredictOptions,
  done: () => void,
): void {
  readInferBodies(app);
  const find = async ({ name, version }: Params): Promise<ServedSymbol> => {
    const served = await serving.get(name);
    if (version === undefined || version === String(served.model.version)) return served;
    throw new ShepherdError(
      'UNKNOWN_VERSION',
      `Version ${version.slice(0, 40)} of ${served.symbol} is not in service; version ${served.model.version} is.`,
    );
  };
  const isReady = (): boolean => serving.loaded().length > 0;
  const describe = (summary: string) => ({ tags: ['v2'], summary });

  app.get(
    '/v2',
    { schema: { ...describe('The server'), response: { 200: ServerMetadata, ...refusals(TURNED_AWAY) } } },
    () => ({
      name: 'shepherd',
      version: '1.0.0',
      extensions: ['binary_tensor_data'],
    }),
  );
  app.get(
    '/v2/health/live',
    { schema: { ...describe('Alive'), response: { 200: Live, ...refusals(TURNED_AWAY) } } },
    () => ({ live: true }),
  );
  app.get(
    '/v2/health/ready',
    { schema: { ...describe('A model answers'), response: { 200: Ready, 503: Ready, ...refusals(TURNED_AWAY) } } },
    (_request, reply) => reply.code(isReady() ? 200 : 503).send({ ready: isReady() }),
  );

  for (const { path, params } of [
    { path: '/v2/models/:name', params: NameParameter },
    { path: '/v2/models/:name/versions/:version', params: VersionParameters },
  ]) {
    app.get<{ Params: Params }>(
      path,
      {
        schema: {
          ...describe('What a model reads and answers'),
          params,
          response: { 200: ModelMetadata, ...refusals(FOUND_VERSION) },
        },
      },
      async (request) => toMetadata(await find(request.params)),
    );
    app.get<{ Params: Params }>(
      `${path}/ready`,
      { schema: { ...describe('A model answers'), params, response: { 200: ModelReady, ...refusals(FOUND_VERSION) } } },
      async (request) => ({ name: (await find(request.params)).symbol, ready: true }),
    );
    app.post<{ Params: Params; Body: InferBody | undefined }>(
      `${path}/infer`,
      {
        schema: {
          ...describe('Forecasts'),
          params,
          body: DocumentedInferRequest,
          response: {
            200: {
              description: 'The forecasts; JSON, or JSON followed by the tensors that were asked for as bytes.',
              content: {
                'application/json': { schema: InferResponse },
                'application/octet-stream': { schema: Type.String({ format: 'binary' }) },
              },
            },
            ...INFER_REFUSALS,
          },
        },
        // `parseInference` checks, with sentences of its own.
        validatorCompiler: () => () => true,
        serializerCompiler: () => JSON.stringify,
      },
      async (request, reply) => {
        const inference = parseInference(request.body ?? NO_BODY);
        const served = await find(request.params);
        const { windows, horizon } = inference;
        const batch = await admission.run(() => answerBatch(served, windows, horizon, () => request.socket.destroyed));
        const form = windows.length === 1 ? 'window' : 'batch';
        const forecast = batch.predictions.at(-1);
        if (forecast === undefined) throw new ShepherdError('CANCELLED', 'The caller went away.');
        recorder(served, { form, horizon: 1, asOf: null, forecast, seconds: reply.elapsedTime / 1000 });
        return send(reply, toInferAnswer(served, inference, batch));
      },
    );
  }
  done();
}

const NO_BODY: InferBody = { json: undefined, tensors: new Uint8Array(0) };

/** As JSON, or as JSON followed by the bytes that were asked for. */
function send(reply: FastifyReply, { json, tensors }: InferAnswer): FastifyReply {
  if (tensors.length === 0) return reply.send(json);
  const head = Buffer.from(JSON.stringify(json));
  return reply
    .header(HEADER_LENGTH, head.length)
    .type('application/octet-stream')
    .send(Buffer.concat([head, ...tensors]));
}

function toMetadata({ symbol, model }: ServedSymbol) {
  return {
    name: symbol,
    versions: [String(model.version)],
    platform: 'shepherd_lstm',
    inputs: [{ name: 'closes', datatype: 'FP64', shape: [-1, model.predictor.spec.window] }],
    outputs: OUTPUTS.map((name) => ({ name, datatype: 'FP64', shape: [-1, -1] })),
  };
}
