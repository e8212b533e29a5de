import { judgeCandidate, type PromotionVerdict } from '../../core/decide/gate.ts';
import type { ArmName } from '../../core/decide/evidence.ts';
import type { GateSettings } from '../../core/decide/settings.ts';
import { atHorizon, scoreRange, type AccountableModel } from '../../core/cycle/heldOut.ts';
import { forecastLosses, naiveLosses } from '../../core/cycle/losses.ts';
import type { BandState } from '../../core/forecast/band.ts';
import type { DayScore } from '../../core/forecast/score.ts';
import { decodeArtifact } from '../../core/model/artifact.ts';
import { createPredictor } from '../../core/model/infer.ts';
import type { Series } from '../../core/series/price.ts';
import type { Client } from '../../db/connection/client.ts';
import { appendDecision } from '../../db/tables/decisions.ts';
import { getModel } from '../../db/tables/models.ts';
import type { LiveChampion } from './champion.ts';
import type { StepOutcome } from './journal.ts';
import { splitOf, type TrainedArm } from './train.ts';

/** The verdict, and for each arm its version and the bands' state after the held-out days. */
export interface GateResult {
  readonly verdict: PromotionVerdict;
  readonly promoted: { readonly version: number; readonly arm: ArmName; readonly band: BandState } | null;
}

export interface GateRequest {
  readonly runId: string;
  readonly symbol: string;
  readonly series: Series;
  readonly champion: LiveChampion | undefined;
  readonly arms: readonly TrainedArm[];
  /** A spec tried in this run alone: evidence from earlier gates was about another. */
  readonly trial: object | undefined;
  readonly settings: GateSettings;
}

/** Sets champion, arms and naive on the same held-out days, which none of the arms has seen, and judges. */
export async function judgeArms(client: Client, request: GateRequest): Promise<StepOutcome<GateResult>> {
  const { runId, symbol, series, champion, settings } = request;
  const arms = await Promise.all(
    request.arms.map(async (arm) => {
      const model = await getModel(client, arm.version);
      return {
        ...arm,
        ...scoreHeldOut(
          {
            predictor: createPredictor(decodeArtifact(model)),
            calibration: model.calibration,
            knownTo: model.trainedTo,
          },
          series,
        ),
      };
    }),
  );
  const first = arms[0]!;
  const verdict = judgeCandidate({
    champion:
      champion === undefined
        ? null
        : forecastLosses(scoreHeldOut({ ...champion, knownTo: champion.record.model.trainedTo }, series).days),
    arms: arms.map(({ name, days }) => ({ name, losses: forecastLosses(days) })),
    naive: naiveLosses(first.days),
    carried: request.trial === undefined ? (champion?.record.evidence ?? {}) : {},
    settings,
  });
  const winner = verdict.kind === 'promote' ? arms.find(({ name }) => name === verdict.arm) : undefined;
  const day = series.days.at(-1)!;
  return {
    result: {
      verdict,
      promoted: winner === undefined ? null : { version: winner.version, arm: winner.name, band: winner.band },
    },
    write: (transaction) =>
      appendDecision(transaction, {
        runId,
        symbol,
        day,
        stage: 'gate',
        verdict: verdict.kind,
        reason: verdict.reason,
        sentence: verdict.sentence,
        report: verdict.numbers,
      }),
    events: [
      {
        kind: 'gate:judged',
        payload: { day, verdict: verdict.kind, reason: verdict.reason, numbers: verdict.numbers },
        sentence: verdict.sentence,
      },
    ],
  };
}

function scoreHeldOut(model: AccountableModel, series: Series): { days: DayScore[]; band: BandState } {
  const { heldOut } = splitOf(series, model.predictor.spec);
  const { scores, band } = scoreRange(model, series, heldOut.from, heldOut.to);
  return { days: atHorizon(scores, 1), band };
}
