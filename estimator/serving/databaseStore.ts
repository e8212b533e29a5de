import { CHAMPION_CHANNEL } from '../../db/tables/champions.ts';
import { listPromotions } from '../../db/tables/promotions.ts';
import type { Database } from '../../db/connection/client.ts';
import { getModel, listModels } from '../../db/tables/models.ts';
import { appendPredictions } from '../../db/tables/predictions.ts';
import { listCloses } from '../../db/tables/prices.ts';
import { listScores } from '../../db/tables/scores.ts';
import { findSeries } from '../../db/tables/series.ts';
import { findBand, listServedSeries, PRICES_CHANNEL } from '../../db/tables/serving.ts';
import { listLatestDriftChecks, listTimeline } from '../../db/tables/views.ts';
import type { Records } from './records.ts';
import { SCORES_KEPT } from './servedSymbol.ts';
import type { Store } from './store.ts';

/** The store and the records as PostgreSQL holds them. */
export function createDatabaseStore(database: Database): Store & Records {
  return {
    async listChampions(symbol) {
      const served = await listServedSeries(database, symbol);
      return served.map(({ mark, ...rest }) => ({ ...rest, seriesMark: mark }));
    },
    isStored: async (symbol) => (await findSeries(database, symbol)) !== undefined,
    loadModel: (version) => getModel(database, version),
    loadSeries: (symbol) => listCloses(database, symbol),
    loadScores: (symbol) => listScores(database, { symbol, days: SCORES_KEPT }),
    loadBand: (symbol, version) => findBand(database, symbol, version),
    appendPredictions: (entries) => appendPredictions(database, entries),
    async listen({ onChampion, onPrices, onRestored }) {
      const stops = await Promise.all([
        database.listen(
          CHAMPION_CHANNEL,
          (payload) => {
            onChampion(symbolOf(payload));
          },
          { onRestored },
        ),
        database.listen(PRICES_CHANNEL, onPrices, { onRestored }),
      ]);
      return async () => {
        await Promise.all(stops.map((stop) => stop()));
      };
    },
    async listModels(symbol) {
      const models = await listModels(database, symbol);
      return models.map(({ spec, ...model }) => ({ ...model, transform: spec.transform }));
    },
    listPromotions: (symbol) => listPromotions(database, symbol),
    listEvents: (symbol, limit) => listTimeline(database, { symbol, limit }),
    findLastDrift: async (symbol) => (await listLatestDriftChecks(database)).find((check) => check.symbol === symbol),
  };
}

function symbolOf(payload: string): string {
  const { symbol } = JSON.parse(payload) as { symbol: string }; // written by `promote` alone
  return symbol;
}
