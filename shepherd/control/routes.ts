import { FormatRegistry, Type, type Static, type TSchema } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { RUN_ID_PATTERN, type RunId } from '../../core/runId.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { SYMBOL_PATTERN, type SeriesSymbol } from '../../core/series/symbol.ts';
import { ActHeaders, describeControl, type Said } from './describe.ts';
import type { TableActions } from './tables.ts';
import type { TrainingActions } from './train.ts';

// What passes these patterns is what the brands stand for.
const Symbol = Type.Unsafe<SeriesSymbol>(
  Type.String({ pattern: SYMBOL_PATTERN, 'x-expected': 'a symbol such as PETR4.SA' }),
);
const Run = Type.Unsafe<RunId>(
  Type.String({ pattern: RUN_ID_PATTERN, 'x-expected': 'the number of a run as text, such as "42"' }),
);
const Version = Type.Unsafe<ModelVersion>(Type.Integer({ minimum: 1 }));
// `parseDay` tells what is wrong with a day that does not exist.
FormatRegistry.Set('date', () => true);
const Day = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  format: 'date',
  'x-expected': 'a day such as 2020-03-16',
});
const Reason = Type.String({
  minLength: 3,
  maxLength: 500,
  pattern: '^[^\\u0000]*$', // no column holds a NUL
  description: 'Why; stored with the act.',
  'x-expected': 'a reason of 3 to 500 characters',
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
export const SettleBody = Type.Object(
  {
    id: Type.String({ pattern: '^\\d{1,18}$', 'x-expected': 'the number of a held bar as text, such as "17"' }),
    reason: Reason,
  },
  closed,
);
const QuarantineQuery = Type.Object({ symbol: Type.Optional(Symbol) });
const RunsQuery = Type.Object({
  symbol: Type.Optional(Symbol),
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', 'x-expected': 'a whole number from 1 to 999' })),
});

/** What the control service can ask of the shepherd; each answers with what it did. */
export interface ControlActions extends TrainingActions, TableActions {
  pull(body: Static<typeof PullBody>): Promise<object>;
  retrain(body: Static<typeof RetrainBody>): Promise<object>;
  rollback(body: Static<typeof RollbackBody>): Promise<object>;
  promote(body: Static<typeof PromoteBody>): Promise<object>;
  pin(body: Static<typeof PinBody>): Promise<object>;
  unpin(body: Static<typeof PinBody>): Promise<object>;
  requeue(body: Static<typeof RequeueBody>): Promise<object>;
  listHeld(query: Static<typeof QuarantineQuery>): Promise<readonly object[]>;
  listSettled(query: Static<typeof QuarantineQuery>): Promise<readonly object[]>;
  acceptHeld(body: Static<typeof SettleBody>): Promise<object>;
  rejectHeld(body: Static<typeof SettleBody>): Promise<object>;
  runs(query: { symbol?: SeriesSymbol; limit: number }): Promise<readonly object[]>;
}

const DEFAULT_RUNS = 20;

const UNKNOWN = { UNKNOWN_SYMBOL: 'There is no series NOPE; known: GSPC.' } as const;
const OVERTAKEN = {
  CONFLICT: 'The champion of GSPC was changed by someone else just now; look again.',
} as const;

/** Every control route but `/train`. */
export function registerRoutes(app: FastifyInstance, actions: ControlActions): void {
  const post = <T extends TSchema>(
    path: string,
    body: T,
    act: (body: Static<T>) => Promise<object>,
    status: number,
    said: Said,
  ): void => {
    app.post<{ Body: Static<T> }>(
      path,
      { schema: { body, headers: ActHeaders, ...describeControl(status, said) } },
      async (request, reply) => reply.code(status).send(await act(request.body)),
    );
  };
  post('/pull', PullBody, (body) => actions.pull(body), 200, {
    summary: 'Fetch what is new of a series and store it',
    description:
      'A series not known yet is followed from now on. The feed failing is an answer with `kind` unavailable, not an error.',
    example: { kind: 'updated', symbol: 'GSPC', inserted: 1, revised: 0, faults: [], lastDay: '2020-03-16' },
    refused: {
      INVALID_DAY: '"2020-02-30" is not a day; write it as YYYY-MM-DD, for example 2025-07-20.',
      UNKNOWN_SYMBOL: 'Yahoo Finance knows no symbol NOPE.',
      FEED_EMPTY: 'Yahoo Finance has no rows of ACME from 2020-01-01 to 2020-01-02.',
      CONFLICT: 'Another process is at work on GSPC; try again when it is done.',
    },
  });
  // A run goes on in the background: 202 with its number, to be followed at GET /runs.
  post('/retrain', RetrainBody, (body) => actions.retrain(body), 202, {
    summary: 'Queue a run that trains whatever the check says',
    description: 'Of one series, or of all without `symbol`. The gate judges as always; follow the run at `GET /runs`.',
    example: { runs: [{ symbol: 'GSPC', run: '120' }] },
    refused: {
      ...UNKNOWN,
      CONFLICT: 'Another run of GSPC was asked for in this same millisecond; ask again.',
    },
  });
  post('/rollback', RollbackBody, (body) => actions.rollback(body), 200, {
    summary: 'Put the previous champion back into service',
    description: 'Its reason is stored with the act.',
    example: { symbol: 'GSPC', from: 5, to: 1 },
    refused: { ...UNKNOWN, NO_CHAMPION: 'GSPC has no earlier champion to go back to.', CONFLICT: OVERTAKEN.CONFLICT },
  });
  post('/promote', PromoteBody, (body) => actions.promote(body), 200, {
    summary: 'Put a stored model into service, past the gate',
    description: 'The check that it loads and answers as stored is not passed by.',
    example: { symbol: 'GSPC', version: 4, previous: 1 },
    refused: {
      ...UNKNOWN,
      UNKNOWN_VERSION: 'Model 4 belongs to MSFT, not to GSPC.',
      INVALID_ARTIFACT: 'Model 4 answers 2940.2 where 2940.8 was stored.',
      ...OVERTAKEN,
    },
  });
  post('/requeue', RequeueBody, (body) => actions.requeue(body), 202, {
    summary: 'Put a failed run on the queue once more',
    description: 'Its finished steps are kept; follow it at `GET /runs`.',
    example: { run: '42', symbol: 'GSPC' },
    refused: {
      UNKNOWN_RUN: 'There is no run 42; shepherd history lists them.',
      CONFLICT: 'Run 42 has not failed; nothing was changed.',
    },
  });
  post('/pin', PinBody, (body) => actions.pin(body), 200, {
    summary: 'Keep a champion in service',
    description: 'Whatever a gate finds, until it is released.',
    example: { symbol: 'GSPC', version: 4 },
    refused: { ...UNKNOWN, NO_CHAMPION: 'GSPC has no model in service.' },
  });
  post('/unpin', PinBody, (body) => actions.unpin(body), 200, {
    summary: 'Release a pinned champion',
    description: 'The next gate may replace it again.',
    example: { symbol: 'GSPC', version: 4 },
    refused: { ...UNKNOWN, NO_CHAMPION: 'GSPC has no model in service.' },
  });

  const settle = { NOTHING_HELD: 'No bar is held back under 17; shepherd quarantine lists those that are.' };
  const settled = { symbol: 'GSPC', kind: 'unit-error', from: '2020-03-16', to: '2020-03-16', bars: 1 };
  post('/quarantine/accept', SettleBody, (body) => actions.acceptHeld(body), 200, {
    summary: 'Take held bars as right',
    description:
      'The bars of the finding are judged again without it, and those that are sound become prices; the same finding is not made again.',
    example: settled,
    refused: settle,
  });
  post('/quarantine/reject', SettleBody, (body) => actions.rejectHeld(body), 200, {
    summary: 'Put held bars aside for good',
    description: 'They never become prices, until the feed itself corrects them.',
    example: settled,
    refused: settle,
  });
  app.get<{ Querystring: Static<typeof QuarantineQuery> }>(
    '/quarantine',
    {
      schema: {
        querystring: QuarantineQuery,
        ...describeControl(200, {
          summary: 'Bars that are held back',
          description: 'With the number to accept or reject them by, and the evidence.',
          example: { held: [] },
        }),
      },
    },
    async ({ query }) => ({ held: await actions.listHeld(query) }),
  );
  app.get<{ Querystring: Static<typeof QuarantineQuery> }>(
    '/quarantine/settled',
    {
      schema: {
        querystring: QuarantineQuery,
        ...describeControl(200, {
          summary: 'Bars that were held back and are settled',
          description: 'How (`accepted`, `rejected`, `released`, `corrected`), when and why, beside the evidence.',
          example: { settled: [] },
        }),
      },
    },
    async ({ query }) => ({ settled: await actions.listSettled(query) }),
  );

  app.get<{ Querystring: Static<typeof RunsQuery> }>(
    '/runs',
    {
      schema: {
        querystring: RunsQuery,
        ...describeControl(200, {
          summary: 'Past and waiting runs, newest first',
          description:
            'Of one series or of all; `limit` is 20 unless chosen. `endedAt`, `outcome` and `reason` are null until a run has ended.',
          example: { runs: [{ id: '120', symbol: 'GSPC', state: 'done', outcome: 'promoted', reason: 'manual' }] },
        }),
      },
    },
    async ({ query }) => ({
      runs: await actions.runs({
        ...(query.symbol === undefined ? {} : { symbol: query.symbol }),
        limit: query.limit === undefined ? DEFAULT_RUNS : Number(query.limit),
      }),
    }),
  );
}
