import type { ModelVersion } from '../../core/model/version.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Client } from '../connection/client.ts';
import { storableText } from '../connection/storable.ts';

/** Pins the champion of a series, and answers its version; `undefined` when there is none, or it is pinned. */
export async function pinChampion(
  client: Client,
  symbol: SeriesSymbol,
  reason: string,
): Promise<ModelVersion | undefined> {
  const [row] = await client.query<{ version: ModelVersion }>(
    `UPDATE champions SET pinned_at = now(), pin_reason = $2 WHERE symbol = $1 AND pinned_at IS NULL RETURNING version`,
    [symbol, storableText(reason)],
  );
  return row?.version;
}

/** Releases the champion of a series, and answers its version; `undefined` when there is none, or it is not pinned. */
export async function releaseChampion(client: Client, symbol: SeriesSymbol): Promise<ModelVersion | undefined> {
  const [row] = await client.query<{ version: ModelVersion }>(
    `UPDATE champions SET pinned_at = NULL, pin_reason = NULL WHERE symbol = $1 AND pinned_at IS NOT NULL RETURNING version`,
    [symbol],
  );
  return row?.version;
}
