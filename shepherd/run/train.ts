import { createHash } from 'node:crypto';
import type { ArmFigures } from '../../core/cycle/completeArm.ts';
import { planTraining, type PlannedArm, type TrainingPlan } from '../../core/cycle/planTraining.ts';
import { VALIDATION_DAYS } from '../../core/cycle/split.ts';
import type { ArmName } from '../../core/decide/evidence.ts';
import { encodeArtifact } from '../../core/model/artifact.ts';
import type { Network } from '../../core/model/network.ts';
import type { ModelSpec } from '../../core/model/spec.ts';
import type { TrainingResult } from '../../core/model/training/request.ts';
import { lastDayOf, type Series } from '../../core/series/price.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { saveModel, type NewModel } from '../../db/tables/models.ts';
import type { Run } from '../../db/tables/runs.ts';
import { saveSnapshot } from '../../db/tables/snapshots.ts';
import { createTrainingProgress } from '../progress.ts';
import type { RunContext } from './context.ts';
import type { StepOutcome } from './journal.ts';
import { fixed } from '../../core/prose/figures.ts';
import { plural } from '../../core/prose/plural.ts';

/** A trained challenger, stored and waiting for the gate. */
export interface TrainedArm {
  readonly name: ArmName;
  readonly version: ModelVersion;
}

interface TrainRequest {
  readonly run: Run;
  readonly series: Series;
  readonly spec: ModelSpec;
  /** Fine-tuned from these weights; a first training has only the arm from scratch. */
  readonly parent: { readonly version: ModelVersion; readonly network: Network } | undefined;
}

/** Trains the planned arms side by side on the training threads, and stores each as a model. */
export async function trainArms(request: TrainRequest, context: RunContext): Promise<StepOutcome<TrainedArm[]>> {
  const { run, series, spec, parent } = request;
  const plan = planTraining({ symbol: run.symbol, series, spec, parent: parent?.network ?? null });
  const { split, known } = plan;
  const digest = digestOf(known);
  const progress = createTrainingProgress(run.symbol, context.log, context.isTerminal);
  const models = await Promise.all(
    plan.arms.map(async (arm) => {
      const began = context.now();
      const result = await context.pool.train(arm.request, {
        signal: context.signal,
        onEpoch: (epoch) => {
          progress.report(arm.name, epoch);
        },
      });
      const figures = await context.pool.complete({ network: result.network, series, split });
      const seconds = (context.now() - began) / 1000;
      return { name: arm.name, model: describeModel(request, plan, arm, { digest, result, figures, seconds }) };
    }),
  ).finally(() => {
    progress.stop();
  });

  const stored: TrainedArm[] = [];
  return {
    result: stored,
    write: async (client) => {
      await saveSnapshot(client, digest, known);
      for (const { name, model } of models) stored.push({ name, version: await saveModel(client, model) });
    },
    events: models.map(({ model: { arm, sha256, training } }) => ({
      kind: 'training:finished' as const,
      payload: { arm, sha256, ...training },
      sentence:
        `Trained ${arm} on ${plural(known.days.length, 'day')} to ${lastDayOf(known)}: ${plural(training.epochs, 'epoch')}, ` +
        `best validation loss at epoch ${training.bestEpoch}, ${fixed(training.seconds, 1)} s.`,
    })),
  };
}

interface Trained {
  readonly digest: string;
  readonly result: TrainingResult;
  readonly figures: ArmFigures;
  readonly seconds: number;
}

function describeModel(
  { run, parent }: TrainRequest,
  { known }: TrainingPlan,
  { name, request }: PlannedArm,
  { digest, result, figures, seconds }: Trained,
): NewModel {
  const { network, epochs, bestEpoch, backend } = result;
  return {
    symbol: run.symbol,
    runId: run.id,
    arm: name,
    parent: name === 'fine-tuned' ? (parent?.version ?? null) : null,
    spec: network.spec,
    scale: network.scale,
    seed: request.seed,
    ...encodeArtifact(network),
    trainedFrom: known.days[0] ?? lastDayOf(known),
    trainedTo: lastDayOf(known),
    dataDigest: digest,
    training: {
      validationDays: VALIDATION_DAYS,
      backend,
      epochs: epochs.length,
      bestEpoch,
      validationLoss: epochs[bestEpoch - 1]?.validationLoss ?? null,
      seconds,
    },
    ...figures,
  };
}

/** SHA-256 over the days and the exact bits of the closes. */
export function digestOf(series: Series): string {
  const closes = Buffer.alloc(8 * series.closes.length);
  series.closes.forEach((close, i) => closes.writeDoubleLE(close, 8 * i));
  return createHash('sha256').update(series.days.join()).update(closes).digest('hex');
}
