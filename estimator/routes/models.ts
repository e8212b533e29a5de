import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { refusals, TURNED_AWAY, UNREADABLE } from '../../service/refusals.ts';
import { qualityFields } from '../answers/quality.ts';
import { quality } from '../schemas/answer.ts';
import type { Records } from '../serving/records.ts';
import type { Serving } from '../serving/serving.ts';

const text = Type.String();

export const ModelsSchema = Type.Object(
  {
    models: Type.Array(
      Type.Object({
        symbol: text,
        version: Type.Integer(),
        trainedTo: text,
        transform: Type.String({
          description: 'log-return for prices, difference for series that can be 0 or negative.',
        }),
        window: Type.Integer({ description: 'Values it reads.' }),
        horizon: Type.Integer({ description: 'Days ahead it answers directly.' }),
        sha256: text,
        asOf: text,
        level: quality.level,
        skill: quality.skill,
        coverage: quality.coverage,
        betterThanNaive: quality.betterThanNaive,
      }),
    ),
    known: Type.Array(text, { description: 'Every symbol that can be asked for.' }),
    default: Type.Union([text, Type.Null()], {
      description:
        'Answers requests without a symbol: the first of SYMBOLS, else the series that had a model first; null before the first model.',
    }),
  },
  { title: 'Models' },
);

export const HistorySchema = Type.Object(
  {
    symbol: text,
    live: Type.Integer({ description: 'The version that answers now.' }),
    promotions: Type.Array(
      Type.Object({
        version: Type.Integer(),
        previous: Type.Union([Type.Integer(), Type.Null()], { description: 'null for the first.' }),
        kind: Type.String({ description: 'first, gate, forced or rollback.' }),
        reason: text,
        by: Type.Union([text, Type.Null()], {
          description: 'Who did it: login and host, token, or schedule; null in records older than this field.',
        }),
        at: text,
      }),
      { description: 'What came into service when and why, the newest first.' },
    ),
    models: Type.Array(
      Type.Object({
        version: Type.Integer(),
        live: Type.Boolean(),
        arm: text,
        transform: text,
        trainedFrom: text,
        trainedTo: text,
        createdAt: text,
        sha256: text,
        holdout: Type.Record(Type.String(), Type.Unknown(), { description: 'Held-out figures beside naive.' }),
      }),
      { description: 'Every trained model, promoted or not, the newest first.' },
    ),
  },
  { title: 'History' },
);

const SymbolParameter = Type.Object({ symbol: Type.String({ minLength: 1, maxLength: 64 }) });

export interface ModelRoutesOptions {
  readonly serving: Serving;
  readonly records: Records;
}

/** What answers now, and what was live when and why. */
export function modelRoutes(app: FastifyInstance, { serving, records }: ModelRoutesOptions, done: () => void): void {
  app.get(
    '/models',
    {
      schema: {
        tags: ['models'],
        summary: 'The models that answer',
        response: { 200: ModelsSchema, ...refusals(TURNED_AWAY) },
      },
    },
    () => ({
      models: serving.loaded().map((served) => {
        const { spec } = served.model.predictor;
        return {
          symbol: served.symbol,
          version: served.model.version,
          trainedTo: served.model.trainedTo,
          transform: spec.transform,
          window: spec.window,
          horizon: spec.horizon,
          sha256: served.model.sha256,
          asOf: served.series.days.at(-1) ?? '',
          ...qualityFields(served),
        };
      }),
      known: serving.known(),
      default: serving.defaultSymbol() ?? null,
    }),
  );

  app.get<{ Params: { symbol: string } }>(
    '/models/:symbol/history',
    {
      schema: {
        tags: ['models'],
        summary: 'What was live when and why',
        params: SymbolParameter,
        response: {
          200: HistorySchema,
          ...refusals({
            ...UNREADABLE,
            ...TURNED_AWAY,
            UNKNOWN_SYMBOL: '"NOPE" is not known here; known symbols: GSPC.',
            NO_CHAMPION: 'ACME has no model yet; its first one is promoted after its first run.',
            DATABASE_UNAVAILABLE: 'The database is away just now; what is in memory is still answered.',
          }),
        },
      },
    },
    async ({ params }) => {
      const { symbol, model } = await serving.get(params.symbol);
      const [promotions, models] = await Promise.all([records.listPromotions(symbol), records.listModels(symbol)]);
      return {
        symbol,
        live: model.version,
        promotions,
        models: models.map((listed) => ({ ...listed, live: listed.version === model.version })),
      };
    },
  );
  done();
}
