import { Type, type Static, type TSchema } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { RUN_ID_PATTERN, type RunId } from '../../core/runId.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { SYMBOL_PATTERN, type SeriesSymbol } from '../../core/series/symbol.ts';
import type { TrainingActions } from './train.ts';

// What passes these patterns is what the brands stand for.
const Symbol = Type.Unsafe<SeriesSymbol>(Type.String({ pattern: SYMBOL_PATTERN }));
const Run = Type.Unsafe<RunId>(Type.String({ pattern: RUN_ID_PATTERN }));
const Version = Type.Unsafe<ModelVersion>(Type.Integer({ minimum: 1 }));
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Reason = Type.String({
  minLength: 3,
  maxLength: 500,
  pattern: '^[^\\u0000]*$', // no column holds a NUL
  description: 'Why; stored with the act.',
});
const closed = { additionalProperties: false };

export const PullBody = Type.Object(
  { symbol: Symbol, start_date: Type.Optional(Day), end_date: Type.Optional(Day) },
  closed,
);
export const RetrainBody = Type.Object({ symbol: Type.Optional(Symbol), reason: Type.Optional(Reason) }, closed);
export const PinBody = Type.Object({ symbol: Symbol, reason: Reason }, closed);
export const RollbackBody = Type.Object({ symbol: Symbol, reason: Reason }, closed);
export const PromoteBody = Type.Object({ symbol: Symbol, version: Version, reason: Reason }, closed);
export const RequeueBody = Type.Object({ run: Run, reason: Reason }, closed);
export const SettleBody = Type.Object({ id: Type.String({ pattern: '^\\d{1,18}$' }), reason: Reason }, closed);
const QuarantineQuery = Type.Object({ symbol: Type.Optional(Symbol) });
const RunsQuery = Type.Object({
  symbol: Type.Optional(Symbol),
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$' })),
});

/** What the control service can ask of the shepherd; each answers with what it did. */
export interface ControlActions extends TrainingActions {
  pull(body: Static<typeof PullBody>): Promise<object>;
  retrain(body: Static<typeof RetrainBody>): Promise<object>;
  rollback(body: Static<typeof RollbackBody>): Promise<object>;
  promote(body: Static<typeof PromoteBody>): Promise<object>;
  pin(body: Static<typeof PinBody>): Promise<object>;
  unpin(body: Static<typeof PinBody>): Promise<object>;
  requeue(body: Static<typeof RequeueBody>): Promise<object>;
  listHeld(query: Static<typeof QuarantineQuery>): Promise<readonly object[]>;
  acceptHeld(body: Static<typeof SettleBody>): Promise<object>;
  rejectHeld(body: Static<typeof SettleBody>): Promise<object>;
  runs(query: { symbol?: SeriesSymbol; limit: number }): Promise<readonly object[]>;
}

const DEFAULT_RUNS = 20;

export function registerRoutes(app: FastifyInstance, actions: ControlActions): void {
  const post = <T extends TSchema>(
    path: string,
    body: T,
    act: (body: Static<T>) => Promise<object>,
    status: number,
  ): void => {
    app.post<{ Body: Static<T> }>(path, { schema: { body } }, async (request, reply) =>
      reply.code(status).send(await act(request.body)),
    );
  };
  post('/pull', PullBody, (body) => actions.pull(body), 200);
  // A run goes on in the background: 202 with its number, to be followed at GET /runs.
  post('/retrain', RetrainBody, (body) => actions.retrain(body), 202);
  post('/rollback', RollbackBody, (body) => actions.rollback(body), 200);
  post('/promote', PromoteBody, (body) => actions.promote(body), 200);
  post('/pin', PinBody, (body) => actions.pin(body), 200);
  post('/unpin', PinBody, (body) => actions.unpin(body), 200);
  post('/requeue', RequeueBody, (body) => actions.requeue(body), 202);

  post('/quarantine/accept', SettleBody, (body) => actions.acceptHeld(body), 200);
  post('/quarantine/reject', SettleBody, (body) => actions.rejectHeld(body), 200);
  app.get<{ Querystring: Static<typeof QuarantineQuery> }>(
    '/quarantine',
    { schema: { querystring: QuarantineQuery } },
    async ({ query }) => ({ held: await actions.listHeld(query) }),
  );

  app.get<{ Querystring: Static<typeof RunsQuery> }>(
    '/runs',
    { schema: { querystring: RunsQuery } },
    async ({ query }) => ({
      runs: await actions.runs({
        ...(query.symbol === undefined ? {} : { symbol: query.symbol }),
        limit: query.limit === undefined ? DEFAULT_RUNS : Number(query.limit),
      }),
    }),
  );
}
