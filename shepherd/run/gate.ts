import type { ArmName } from '../../core/decide/evidence.ts';
import type { PromotionVerdict } from '../../core/decide/gate.ts';
import type { GateSettings } from '../../core/decide/settings.ts';
import { judgeArms } from '../../core/cycle/judgeArms.ts';
import type { BandState } from '../../core/forecast/band.ts';
import { decodeArtifact } from '../../core/model/artifact.ts';
import { createPredictor } from '../../core/model/infer.ts';
import { lastDayOf, type Series } from '../../core/series/price.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../../db/connection/client.ts';
import { appendDecision } from '../../db/tables/decisions.ts';
import { getModel } from '../../db/tables/models.ts';
import type { LiveChampion } from './champion.ts';
import type { StepOutcome } from './journal.ts';
import type { TrainedArm } from './train.ts';

/** The verdict, and the arm to put into service with the bands' state after the held-out days. */
export interface GateResult {
  readonly verdict: PromotionVerdict;
  readonly promoted: { readonly version: ModelVersion; readonly arm: ArmName; readonly band: BandState } | null;
}

export interface GateRequest {
  readonly runId: RunId;
  readonly symbol: SeriesSymbol;
  readonly series: Series;
  readonly champion: LiveChampion | undefined;
  readonly arms: readonly TrainedArm[];
  /** A spec tried in this run alone: evidence from earlier gates was about another. */
  readonly trial: object | undefined;
  readonly settings: GateSettings;
}

/** Loads the arms as they are stored and has them judged beside the champion. */
export async function passGate(client: Client, request: GateRequest): Promise<StepOutcome<GateResult>> {
  const { runId, symbol, series, champion, trial, settings } = request;
  const arms = await Promise.all(
    request.arms.map(async ({ name, version }) => {
      const stored = await getModel(client, version);
      const predictor = createPredictor(decodeArtifact(stored));
      return { name, version, model: { predictor, calibration: stored.calibration, knownTo: stored.trainedTo } };
    }),
  );
  const { verdict, asked, winner } = judgeArms({
    series,
    champion: champion === undefined ? null : { ...champion, knownTo: champion.record.model.trainedTo },
    arms,
    carried: trial === undefined ? (champion?.record.evidence ?? {}) : {},
    settings,
  });
  const { kind, reason, sentence, numbers } = verdict;
  const day = lastDayOf(series);
  return {
    result: {
      verdict,
      promoted: winner === null ? null : { version: winner.arm.version, arm: winner.arm.name, band: winner.band },
    },
    write: (transaction) =>
      appendDecision(transaction, {
        runId,
        symbol,
        day,
        stage: 'gate',
        verdict: kind,
        reason,
        sentence,
        report: { ...numbers, settings },
        question: asked,
      }),
    events: [{ kind: 'gate:judged', payload: { day, verdict: kind, reason, numbers, settings }, sentence }],
  };
}
