import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { refusals, TURNED_AWAY, UNREADABLE } from '../../service/refusals.ts';
import { answerRisk } from '../answers/risk.ts';
import { RiskSchema } from '../schemas/risk.ts';
import { MAX_HORIZON } from '../serving/servedSymbol.ts';
import type { Serving } from '../serving/serving.ts';

const SymbolParameter = Type.Object({ symbol: Type.String({ minLength: 1, maxLength: 64 }) });
const RiskQuery = Type.Object(
  { horizon: Type.Integer({ minimum: 1, maximum: MAX_HORIZON, default: 1, description: 'Trading days ahead.' }) },
  { additionalProperties: false },
);

/** What may be lost over the next days. */
export function riskRoutes(app: FastifyInstance, { serving }: { readonly serving: Serving }, done: () => void): void {
  app.get<{ Params: { symbol: string }; Querystring: { horizon: number } }>(
    '/models/:symbol/risk',
    {
      schema: {
        tags: ['models'],
        summary: 'Value at risk and expected shortfall over the next days',
        params: SymbolParameter,
        querystring: RiskQuery,
        response: {
          200: RiskSchema,
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
    async ({ params, query }) => answerRisk(await serving.get(params.symbol), query.horizon),
  );
  done();
}
