import type { ModelSpec } from '../../core/model/spec.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Client, JsonObject } from '../connection/client.ts';

/** One setting tried in a search, at one rung of its budget. */
export interface Trial {
  readonly search: string;
  readonly symbol: SeriesSymbol;
  readonly number: number;
  readonly rung: number;
  readonly spec: ModelSpec;
  /** CRPS of the days after the rung's origins, as a share of the EWMA normal's: lower is better. `null` when the trial failed. */
  readonly score: number | null;
  readonly detail: JsonObject;
}

/** Stores a trial; the same number and rung of a search are overwritten, so that a resumed search may repeat its last one. */
export async function saveTrial(
  client: Client,
  trial: Omit<Trial, 'detail'> & { readonly detail: object },
): Promise<void> {
  await client.query(
    `INSERT INTO trials (search, symbol, number, rung, spec, score, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (search, number, rung) DO UPDATE
     SET spec = excluded.spec, score = excluded.score, detail = excluded.detail, ended_at = now()`,
    [
      trial.search,
      trial.symbol,
      trial.number,
      trial.rung,
      JSON.stringify(trial.spec),
      trial.score,
      JSON.stringify(trial.detail),
    ],
  );
}

/** The trials of a search in the order they are numbered, rung by rung. */
export function listTrials(client: Client, search: string): Promise<Trial[]> {
  return client.query<Trial>(
    'SELECT search, symbol, number, rung, spec, score, detail FROM trials WHERE search = $1 ORDER BY rung, number',
    [search],
  );
}
