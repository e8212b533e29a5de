import { makeForecast } from '../../core/forecast/forecast.ts';
import { encodeArtifact } from '../../core/model/artifact.ts';
import { createPredictor } from '../../core/model/infer.ts';
import { splitForTraining, HELD_OUT_DAYS, VALIDATION_DAYS } from '../../core/cycle/split.ts';
import type { Series } from '../../core/series/price.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { promote, type NewPromotion } from '../../db/tables/champions.ts';
import type { Client } from '../../db/connection/client.ts';
import type { NewModel } from '../../db/tables/models.ts';
import { loadChampion, type LiveChampion } from '../../shepherd/run/champion.ts';
import { newPromotion, storeModel } from './records.ts';
import { calibrationWith, SMALL_SPEC, ZERO_NETWORK } from './smallModel.ts';

/** Stores a model that can be loaded, asked and judged, as if trained on all of `series` but the days held out at its end. */
export async function storeWorkingModel(
  client: Client,
  symbol: SeriesSymbol,
  { series, spreadFactor = 1, ...given }: { series: Series; spreadFactor?: number } & Partial<NewModel>,
): Promise<ModelVersion> {
  const { known } = splitForTraining(series.days.length, {
    heldOut: HELD_OUT_DAYS,
    validation: VALIDATION_DAYS,
    horizon: SMALL_SPEC.horizon,
  });
  const calibration = calibrationWith(spreadFactor);
  const closes = [...series.closes.slice(known - SMALL_SPEC.window, known)];
  const predictor = createPredictor(ZERO_NETWORK);
  const [next] = makeForecast({ predictor, calibration, band: calibration.band, closes, horizon: 1 });
  return storeModel(client, symbol, {
    spec: SMALL_SPEC,
    scale: ZERO_NETWORK.scale,
    ...encodeArtifact(ZERO_NETWORK),
    trainedFrom: series.days[0]!,
    trainedTo: series.days[known - 1]!,
    calibration,
    golden: { closes, prediction: next!.prediction },
    ...given,
  });
}

/** Puts such a model into service and loads it. */
export async function serveModel(
  client: Client,
  symbol: SeriesSymbol,
  version: ModelVersion,
  given: Partial<NewPromotion> = {},
): Promise<LiveChampion> {
  await promote(client, newPromotion(symbol, version, { band: calibrationWith(1).band, ...given }));
  const champion = await loadChampion(client, symbol);
  if (champion === undefined) throw new Error(`model ${version} was not put into service`);
  return champion;
}
