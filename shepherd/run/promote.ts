import { beginTenure, extendTenure } from '../../core/cycle/tenure.ts';
import type { RetrainDecision } from '../../core/decide/decision.ts';
import { forecastNextDay } from '../../core/forecast/forecast.ts';
import type { ForecastQuality } from '../../core/forecast/quality.ts';
import { decodeArtifact } from '../../core/model/artifact.ts';
import { createPredictor } from '../../core/model/infer.ts';
import { ShepherdError } from '../../core/errors.ts';
import type { ModelSpec } from '../../core/model/spec.ts';
import { lastDayOf, type Series } from '../../core/series/price.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { RunId } from '../../core/runId.ts';
import { promote, revalidate, type Revalidation } from '../../db/tables/champions.ts';
import type { Client } from '../../db/connection/client.ts';
import { getModel, type StoredModel } from '../../db/tables/models.ts';
import { saveModelParameters } from '../../db/tables/series.ts';
import type { LiveChampion } from './champion.ts';
import type { GateResult } from './gate.ts';
import type { StepOutcome } from './journal.ts';
import { compared, figure, percent } from '../../core/prose/figures.ts';
import { plural } from '../../core/prose/plural.ts';

export type PromotionOutcome =
  | { readonly kind: 'promoted'; readonly version: ModelVersion }
  | { readonly kind: 'revalidated'; readonly version: ModelVersion };

export interface PromoteRequest {
  readonly runId: RunId;
  readonly symbol: SeriesSymbol;
  readonly series: Series;
  readonly champion: LiveChampion | undefined;
  readonly decision: RetrainDecision;
  readonly gate: GateResult;
  /** Parts of the spec that were tried in this run alone: the series keeps them only with a champion of theirs. */
  readonly trial: Partial<ModelSpec> | undefined;
  /** Changes in the drift check's current window. */
  readonly windowDays: number;
}

/** Carries out the gate's verdict in one transaction: moves the champion's pointer, or notes that the champion proved itself again. */
export async function carryOut(client: Client, request: PromoteRequest): Promise<StepOutcome<PromotionOutcome>> {
  const { runId, symbol, series, champion, decision, gate, trial, windowDays } = request;
  const { verdict, promoted } = gate;
  const day = lastDayOf(series);
  const judged = { series, reason: decision.reason, windowDays };
  if (promoted === null) {
    if (champion === undefined)
      throw new ShepherdError('NO_CHAMPION', `The gate kept a champion of ${symbol} that does not exist.`);
    const { version } = champion.record.model;
    const { evidence, ...extended } = extendTenure(judged, verdict);
    return {
      result: { kind: 'revalidated', version },
      write: (transaction) =>
        keepInService(transaction, {
          symbol,
          expected: version,
          expectedEpoch: champion.record.epoch,
          ...extended,
          // What a trial of another spec showed says nothing of the next retrain; the evidence so far stays.
          ...(trial === undefined ? { evidence } : {}),
        }),
      events: [
        {
          kind: 'champion:revalidated',
          payload: { day, version, reason: verdict.reason },
          sentence: `Model ${version} stays in service, validated to ${day}.`,
        },
      ],
    };
  }
  const { version } = promoted;
  const model = await getModel(client, version);
  checkGolden(model);
  const expected = champion?.record.model.version ?? null;
  return {
    result: { kind: 'promoted', version },
    write: async (transaction) => {
      const moved = await promote(transaction, {
        symbol,
        version,
        expected,
        ...(champion === undefined ? {} : { expectedEpoch: champion.record.epoch }),
        kind: champion === undefined ? 'first' : 'gate',
        reason: verdict.sentence,
        runId,
        ...beginTenure(judged, promoted.band),
      });
      if (!moved)
        throw new ShepherdError(
          'CONFLICT',
          `The champion of ${symbol} was changed by someone else while model ${version} was judged.`,
        );
      if (trial !== undefined) await saveModelParameters(transaction, symbol, trial);
    },
    events: [
      {
        kind: 'champion:promoted',
        payload: {
          day,
          version,
          previous: expected,
          arm: promoted.arm,
          reason: verdict.reason,
          asked: decision.reason,
          holdout: model.holdout,
        },
        sentence:
          `Model ${version} is the new champion of ${symbol}${expected === null ? '' : `, after model ${expected}`}; ` +
          `${describeHoldout(model.holdout)}.`,
      },
    ],
  };
}

function describeHoldout({ days, mse, naiveMse, mae, mape, coverage }: ForecastQuality): string {
  const { first, second, equal } = compared(mse, naiveMse, 4);
  return (
    `on ${plural(days, 'unseen day')} MSE ${first} (naive ${equal ? 'the same' : second}), MAE ${figure(mae)}, ` +
    `${mape === null ? 'no MAPE as values come near zero' : `MAPE ${percent(mape, 2)}`}, band held ${percent(coverage, 2)}`
  );
}

/**
 * Loads a stored model as the estimator will and asks it the question whose answer is stored beside it.
 * @throws ShepherdError INVALID_ARTIFACT when it cannot be loaded or answers otherwise.
 */
export function checkGolden(model: StoredModel): void {
  const predictor = createPredictor(decodeArtifact(model));
  const { closes, prediction } = model.golden;
  const { band } = model.calibration;
  const { prediction: answer } = forecastNextDay({ predictor, calibration: model.calibration, band, closes });
  if (answer !== prediction) {
    throw new ShepherdError(
      'INVALID_ARTIFACT',
      `Model ${model.version} answers ${answer} where ${prediction} was stored.`,
    );
  }
}

async function keepInService(client: Client, revalidation: Revalidation): Promise<void> {
  if (await revalidate(client, revalidation)) return;
  throw new ShepherdError(
    'CONFLICT',
    `The champion of ${revalidation.symbol} was changed by someone else while its challengers were judged.`,
  );
}
