import type { Client } from '../../db/connection/client.ts';
import { getModel } from '../../db/tables/models.ts';
import type { MlflowRun } from '../tracking/mlflow.ts';
import type { RunTracker } from '../tracking/tracker.ts';
import type { GateResult } from './gate.ts';
import type { StepOutcome } from './journal.ts';
import type { TrainedArm } from './train.ts';

export interface TrackRequest {
  readonly arms: readonly TrainedArm[];
  readonly gate: GateResult;
  readonly tracker: RunTracker;
}

/** What a tracker is told, with the step, of the arms of a run: what they were trained with, how they did on the held-out days, what became of them. */
export async function trackArms(client: Client, { arms, gate, tracker }: TrackRequest): Promise<StepOutcome<null>> {
  const runs: MlflowRun[] = [];
  for (const { version } of arms) {
    const { symbol, arm, spec, seed, sha256, trainedFrom, trainedTo, training, holdout } = await getModel(
      client,
      version,
    );
    const { betterThanNaive, ...figures } = holdout;
    runs.push({
      name: `${symbol} model ${version}`,
      params: { ...spec, units: spec.units.join('-'), seed },
      metrics: {
        ...figures,
        epochs: training.epochs,
        validation_loss: training.validationLoss,
        seconds: training.seconds,
      },
      tags: {
        symbol,
        version: String(version),
        sha256,
        arm,
        trained_from: trainedFrom,
        trained_to: trainedTo,
        promoted: String(gate.promoted?.version === version),
        better_than_naive: betterThanNaive === null ? 'undetermined' : String(betterThanNaive),
      },
      failed: false,
    });
  }
  return {
    result: null,
    write: async (transaction) => {
      for (const run of runs) await tracker.record(transaction, run);
    },
  };
}
