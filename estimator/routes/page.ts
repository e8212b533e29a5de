import fastifyStatic from '@fastify/static';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { fileURLToPath } from 'node:url';
import { answerOverview } from '../answers/overview.ts';
import { fieldsOf } from '../plugins/bodies.ts';
import { refusals, TURNED_AWAY } from '../../service/refusals.ts';
import { checked } from '../../service/request/checked.ts';
import { FlockSchema } from '../schemas/flock.ts';
import { OverviewSchema } from '../schemas/overview.ts';
import type { Admission } from '../serving/admission.ts';
import { MAX_HORIZON } from '../serving/servedSymbol.ts';
import type { ModelRoutesOptions } from './models.ts';

const Query = Type.Object({
  symbol: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  horizon: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_HORIZON })),
});
const checkQuery = checked(Query);

/** The built page and its files, as the build has put them beside the compiled code. */
const FOLDER = fileURLToPath(new URL('../../web/', import.meta.url));

/** The page at `/`, and what it shows as JSON. */
export async function pageRoutes(
  app: FastifyInstance,
  { serving, records, admission }: ModelRoutesOptions & { readonly admission: Admission },
): Promise<void> {
  await app.register(fastifyStatic, {
    root: FOLDER,
    prefix: '/assets/',
    index: false,
    cacheControl: true,
    maxAge: '1h',
  });
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html', { maxAge: 0 }));

  app.get('/runbook', { schema: { hide: true } }, (_request, reply) => reply.sendFile('runbook.html', { maxAge: 0 }));

  app.get(
    '/flock',
    {
      schema: {
        tags: ['models'],
        summary: 'Every series as it stands among the others',
        response: {
          200: FlockSchema,
          ...refusals({
            DATABASE_UNAVAILABLE: 'The database is away just now; what is in memory is still answered.',
            OVERLOADED: 'This service is overloaded; try again in a moment.',
            ...TURNED_AWAY,
          }),
        },
      },
    },
    async () => ({ series: await admission.run(() => records.listFlock()) }),
  );

  app.get<{ Querystring: Record<string, unknown> }>(
    '/overview',
    {
      schema: {
        tags: ['models'],
        summary: 'What the page shows of a series',
        querystring: Query,
        response: {
          200: OverviewSchema,
          ...refusals({
            INVALID_INPUT: '"horizon" is 61; expected a whole number from 1 to 60.',
            UNKNOWN_SYMBOL: '"NOPE" is not known here; known symbols: GSPC.',
            NO_CHAMPION: 'No model has been promoted yet; the first one is being trained.',
            OVERLOADED: 'This service is overloaded; try again in a moment.',
            ...TURNED_AWAY,
          }),
        },
      },
      validatorCompiler: () => () => true, // `checkQuery` checks, with sentences of its own
    },
    async ({ query }) => {
      const { symbol, horizon } = checkQuery(fieldsOf(query));
      const served = await serving.get(symbol);
      const overview = await admission.run(() => answerOverview(served, horizon ?? 5, records, Date.now()));
      return { ...overview, known: serving.known() };
    },
  );
}
