import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import type { TradingDay } from '../../core/series/day.ts';
import { answerBatch } from '../answers/batch.ts';
import { answerDate } from '../answers/date.ts';
import { answerRange } from '../answers/range.ts';
import { answerSymbol } from '../answers/symbol.ts';
import { answerWindow } from '../answers/window.ts';
import { readCsvUpload } from '../csvUpload.ts';
import { parsePredict, type Asked } from '../parsePredict.ts';
import { fieldsOf } from '../plugins/bodies.ts';
import { renderInPieces } from '../renderJson.ts';
import type { Prediction } from '../schemas/answer.ts';
import type { Admission } from '../serving/admission.ts';
import type { Answered, Recorder } from '../serving/recorder.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import type { Serving } from '../serving/serving.ts';
import type { Tables } from '../serving/tables.ts';
import { readForm } from '../../service/request/form.ts';
import { answerUpload, isTableUpload } from './tables.ts';
import { predictQuerySchema, predictSchema } from './predictSchema.ts';

export interface PredictOptions {
  readonly serving: Serving;
  /** For what takes long: ranges, batches and files. */
  readonly admission: Admission;
  readonly recorder: Recorder;
  readonly tables: Tables;
}

/** A finished answer, and the forecast that stands for it in the record. */
interface Answer extends Omit<Answered, 'seconds'> {
  readonly body: string | object;
}

type PredictRequest = FastifyRequest<{ Querystring: Record<string, unknown> }>;

const JSON_TYPE = 'application/json; charset=utf-8';

/** `/predict` in all its forms. */
export function predictRoutes(app: FastifyInstance, { serving, admission, recorder, tables }: PredictOptions): void {
  const send = (reply: FastifyReply, served: ServedSymbol, { body, ...answered }: Answer): FastifyReply => {
    recorder(served, { ...answered, seconds: reply.elapsedTime / 1000 });
    return reply.type(JSON_TYPE).send(body);
  };

  const answer = async (request: PredictRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (request.isMultipart()) {
      return admission.run(async () => {
        const form = await readForm(request);
        if (isTableUpload(form)) return reply.type(JSON_TYPE).send(await answerUpload(tables, form));
        const { symbol, horizon, readSeries } = readCsvUpload(form);
        const served = await serving.get(symbol);
        const series = await readSeries();
        return send(
          reply,
          served,
          asAnswer('csv', answerWindow(served, { closes: series.values, horizon, asOf: series.lastDay })),
        );
      });
    }
    const asked = parsePredict(bodyWithQuery(request));
    const served = serving.current(asked.symbol) ?? (await serving.get(asked.symbol));
    if (asked.form === 'range' || asked.form === 'batch') {
      const stopped = (): boolean => request.socket.destroyed;
      return send(reply, served, await admission.run(() => answerLong(served, asked, stopped)));
    }
    return send(reply, served, answerShort(served, asked));
  };
  for (const [method, schema] of [
    ['POST', predictSchema],
    ['GET', predictQuerySchema],
  ] as const) {
    app.route<{ Querystring: Record<string, unknown> }>({
      method,
      url: '/predict',
      exposeHeadRoute: false,
      schema,
      // Each form is checked by `parsePredict`, whose sentences name the fault; the schema above is for the document.
      validatorCompiler: () => () => true,
      serializerCompiler: () => JSON.stringify,
      handler: answer,
    });
  }
}

/** Fields of the query string count as if they were in the body, which wins. */
function bodyWithQuery({ body, query }: PredictRequest): unknown {
  for (const _name in query) {
    return body === undefined || (typeof body === 'object' && !Array.isArray(body))
      ? { ...fieldsOf(query), ...body }
      : body;
  }
  return body;
}

type Short = Extract<Asked, { form: 'window' | 'symbol' | 'date' }>;
type Long = Extract<Asked, { form: 'range' | 'batch' }>;

function answerShort(served: ServedSymbol, asked: Short): Answer {
  const { form, horizon } = asked;
  switch (form) {
    case 'symbol': {
      const { answer, body } = answerSymbol(served, horizon);
      return asAnswer(form, answer, body);
    }
    case 'window':
      return asAnswer(form, answerWindow(served, { closes: asked.closes, horizon, asOf: null }));
    case 'date':
      return asAnswer(form, answerDate(served, asked.day));
  }
}

async function answerLong(served: ServedSymbol, asked: Long, stopped: () => boolean): Promise<Answer> {
  const { form, horizon } = asked;
  const answer =
    form === 'range'
      ? await answerRange(served, asked, stopped)
      : await answerBatch(served, asked.windows, horizon, stopped);
  const last = answer.predictions.at(-1);
  if (stopped() || last === undefined) throw new ShepherdError('CANCELLED', 'The caller went away.');
  return {
    form,
    horizon: form === 'range' ? horizon : 1,
    asOf: answer.asOf as TradingDay | null, // the schema says text; it is copied from a TradingDay
    forecast: last,
    body: await renderInPieces(answer),
  };
}

/** @param body the answer already rendered, if it is. */
function asAnswer(form: Answered['form'], forecast: Prediction, body: Answer['body'] = forecast): Answer {
  const asOf = forecast.asOf as TradingDay | null; // the schema says text; it is copied from a TradingDay
  return { form, horizon: 1, asOf, forecast, body };
}
