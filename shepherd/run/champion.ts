import type { Calibration } from '../../core/forecast/calibration.ts';
import type { BandState } from '../../core/forecast/band.ts';
import { decodeArtifact } from '../../core/model/artifact.ts';
import { createPredictor } from '../../core/model/infer.ts';
import type { Network, Predictor } from '../../core/model/network.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { Client } from '../../db/connection/client.ts';
import { findChampion, type Champion } from '../../db/tables/champions.ts';
import { getModel } from '../../db/tables/models.ts';

/** The model in service, ready to forecast. */
export interface LiveChampion {
  readonly record: Champion;
  readonly network: Network;
  readonly predictor: Predictor;
  readonly calibration: Calibration;
  /** The bands' state after the last scored day. */
  readonly band: BandState;
}

export async function loadChampion(client: Client, symbol: SeriesSymbol): Promise<LiveChampion | undefined> {
  const record = await findChampion(client, symbol);
  if (record === undefined) return undefined;
  const model = await getModel(client, record.model.version);
  const network = decodeArtifact(model);
  return {
    record,
    network,
    predictor: createPredictor(network),
    calibration: model.calibration,
    band: record.band,
  };
}
