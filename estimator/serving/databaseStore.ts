import { isSymbol, type SeriesSymbol } from '../../core/series/symbol.ts';
import { CHAMPION_CHANNEL } from '../../db/tables/champions.ts';
import { listPromotions } from '../../db/tables/promotions.ts';
import type { Database } from '../../db/connection/client.ts';
import { getModel, listModels } from '../../db/tables/models.ts';
import { appendPredictions } from '../../db/tables/predictions.ts';
import { listSeries } from '../../db/tables/prices.ts';
import { listScores } from '../../db/tables/scores.ts';
import { findSeries } from '../../db/tables/series.ts';
import { findBand, listServedSeries, PRICES_CHANNEL } from '../../db/tables/serving.ts';
import { listDetectorFigures, listFlock, listLatestDriftChecks, listTimeline } from '../../db/tables/views.ts';
import type { Records } from './records.ts';
import { SCORES_KEPT } from './servedSymbol.ts';
import { identityOf, type Store } from './store.ts';

/** The store and the records as PostgreSQL holds them. */
export function createDatabaseStore(database: Database): Store & Records {
  return {
    async listChampions(symbol) {
      const served = await listServedSeries(database, symbol);
      return served.map(({ symbol, version, sha256, createdAt, timeZone, mark }) => ({
        symbol,
        version,
        identity: identityOf({ version, sha256, createdAt }),
        timeZone,
        seriesMark: mark,
      }));
    },
    isStored: async (symbol) => (await findSeries(database, symbol)) !== undefined,
    loadModel: (version) => getModel(database, version),
    loadSeries: (symbol) => listSeries(database, symbol),
    loadScores: (symbol) => listScores(database, { symbol, days: SCORES_KEPT }),
    loadBand: (symbol, version) => findBand(database, symbol, version),
    appendPredictions: (entries) => appendPredictions(database, entries),
    async listen({ onChampion, onPrices, onRestored }) {
      const stopChampions = await database.listen(
        CHAMPION_CHANNEL,
        (payload) => {
          const symbol = promotedIn(payload);
          if (symbol === undefined) onRestored();
          else onChampion(symbol);
        },
        { onRestored },
      );
      try {
        const stopPrices = await database.listen(
          PRICES_CHANNEL,
          (payload) => {
            if (isSymbol(payload)) onPrices(payload);
          },
          { onRestored },
        );
        return async () => {
          await Promise.all([stopChampions(), stopPrices()]);
        };
      } catch (error) {
        await stopChampions(); // whoever asks again would listen twice
        throw error;
      }
    },
    async listModels(symbol) {
      const models = await listModels(database, symbol);
      return models.map(({ spec, ...model }) => ({ ...model, transform: spec.transform }));
    },
    listPromotions: (symbol) => listPromotions(database, symbol),
    listEvents: (symbol, limit) => listTimeline(database, { symbol, limit }),
    listDetectors: (symbol, checks) => listDetectorFigures(database, symbol, checks),
    listFlock: () => listFlock(database),
    findLastDrift: async (symbol) => (await listLatestDriftChecks(database)).find((check) => check.symbol === symbol),
  };
}

/** Every login of the server may notify, so a payload may be anything. */
function promotedIn(payload: string): SeriesSymbol | undefined {
  try {
    const told: unknown = JSON.parse(payload);
    const named = told instanceof Object && 'symbol' in told && typeof told.symbol === 'string' ? told.symbol : '';
    return isSymbol(named) ? named : undefined;
  } catch {
    return undefined;
  }
}
