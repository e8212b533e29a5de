import { listChampionInfo } from '../../db/tables/views.ts';
import type { ChampionInfo } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gauge, gaugeBySymbol } from '../exposition.ts';
import type { Family } from '../exposition.ts';
import { unixSeconds } from '../unixTime.ts';

/** Which model is in service for each series, and since when? */
export const champions: Collector = {
  name: 'champions',
  async collect(client) {
    const rows = await listChampionInfo(client);
    const family = (name: string, help: string, value: (row: ChampionInfo) => number | null): Family =>
      gaugeBySymbol(name, help, rows, value);
    return [
      gauge(
        'model_info',
        'The model in service, always 1.',
        rows.map(({ symbol, version, sha256 }) => ({ labels: { symbol, version: String(version), sha256 }, value: 1 })),
      ),
      family(
        'model_holdout_mse',
        'Squared error of the model in service on its held-out days.',
        (row) => row.holdoutMse,
      ),
      family('model_trained_timestamp_seconds', 'Unix time of its training.', (row) => unixSeconds(row.trainedAt)),
      family('model_promoted_timestamp_seconds', 'Unix time of its promotion.', (row) => unixSeconds(row.promotedAt)),
      family(
        'model_last_validated_timestamp_seconds',
        'Unix time at which it was promoted or last found still the best.',
        (row) => unixSeconds(row.validatedAt),
      ),
    ];
  },
};
