import { createHash } from 'node:crypto';
import type { ArmName } from '../../core/decide/evidence.ts';
import { splitForTraining, HELD_OUT_DAYS, VALIDATION_DAYS, type Split } from '../../core/cycle/split.ts';
import { encodeArtifact } from '../../core/model/artifact.ts';
import type { Network } from '../../core/model/network.ts';
import { isSameShape, type ModelSpec } from '../../core/model/spec.ts';
import type { TrainingResult } from '../../core/model/training.ts';
import { seedFrom } from '../../core/random.ts';
import { sliceSeries, type Series } from '../../core/series/price.ts';
import { saveModel, type NewModel } from '../../db/tables/models.ts';
import type { Run } from '../../db/tables/runs.ts';
import { saveSnapshot } from '../../db/tables/snapshots.ts';
import { createTrainingProgress } from '../progress.ts';
import type { ArmFigures } from '../../core/cycle/armFigures.ts';
import type { RunContext } from './context.ts';
import type { StepOutcome } from './journal.ts';

/** A trained challenger, stored and waiting for the gate. */
export interface TrainedArm {
  readonly name: ArmName;
  readonly version: number;
}

interface TrainRequest {
  readonly run: Run;
  readonly series: Series;
  readonly spec: ModelSpec;
  /** Fine-tuned from these weights; a first training has only the arm from scratch. */
  readonly parent: { readonly version: number; readonly network: Network } | undefined;
}

export function splitOf(series: Series, spec: ModelSpec): Split {
  return splitForTraining(series.closes.length, {
    heldOut: HELD_OUT_DAYS,
    validation: VALIDATION_DAYS,
    horizon: spec.horizon,
  });
}

/**
 * Trains the arms on the same days with the same budget, side by side on the training threads, and stores each as a model.
 * The held-out days at the end of the series are cut off before anything else sees them.
 */
export async function trainArms(request: TrainRequest, context: RunContext): Promise<StepOutcome<TrainedArm[]>> {
  const { run, series, spec, parent } = request;
  const split = splitOf(series, spec);
  const known = sliceSeries(series, 0, split.known);
  const digest = digestOf(known);
  const day = series.days.at(-1)!;
  const progress = createTrainingProgress(run.symbol, context.log, context.isTerminal);
  // Weights of another shape, as after a search, cannot be gone on with.
  const tunable = parent !== undefined && isSameShape(parent.network.spec, spec);
  const arms: readonly ArmName[] = tunable ? ['fine-tuned', 'from-scratch'] : ['from-scratch'];
  const models = await Promise.all(
    arms.map(async (arm): Promise<NewModel> => {
      const seed = seedFrom(run.symbol, day, arm);
      const began = context.now();
      const result = await context.pool.train(
        {
          closes: known.closes,
          validationDays: VALIDATION_DAYS,
          spec,
          seed,
          ...(arm === 'fine-tuned' && parent !== undefined ? { initial: parent.network } : {}),
        },
        {
          signal: context.signal,
          onEpoch: (epoch) => {
            progress.report(arm, epoch);
          },
        },
      );
      const figures = await context.pool.complete({ network: result.network, series, split });
      return describeModel(request, {
        arm,
        seed,
        digest,
        known,
        result,
        figures,
        seconds: (context.now() - began) / 1000,
      });
    }),
  ).finally(() => {
    progress.stop();
  });

  const stored: TrainedArm[] = [];
  return {
    result: stored,
    write: async (client) => {
      await saveSnapshot(client, digest, known);
      for (const model of models)
        stored.push({
          name: model.arm === 'fine-tuned' ? 'fine-tuned' : 'from-scratch',
          version: await saveModel(client, model),
        });
    },
    events: models.map((model) => ({
      kind: 'training:finished' as const,
      payload: { arm: model.arm, sha256: model.sha256, ...model.training },
      sentence:
        `Trained ${model.arm} on ${known.days.length} days to ${known.days.at(-1)!}: ${model.training.epochs} epochs, ` +
        `best validation loss at epoch ${model.training.bestEpoch}, ${model.training.seconds.toFixed(1)} s.`,
    })),
  };
}

interface Trained {
  readonly arm: ArmName;
  readonly seed: number;
  readonly digest: string;
  readonly known: Series;
  readonly result: TrainingResult;
  readonly figures: ArmFigures;
  readonly seconds: number;
}

function describeModel({ run, parent }: TrainRequest, trained: Trained): NewModel {
  const { arm, seed, digest, known, result, figures, seconds } = trained;
  const { network, epochs, bestEpoch, backend } = result;
  return {
    symbol: run.symbol,
    runId: run.id,
    arm,
    parent: arm === 'fine-tuned' ? (parent?.version ?? null) : null,
    spec: network.spec,
    scale: network.scale,
    seed,
    ...encodeArtifact(network),
    trainedFrom: known.days[0]!,
    trainedTo: known.days.at(-1)!,
    dataDigest: digest,
    training: {
      validationDays: VALIDATION_DAYS,
      backend,
      epochs: epochs.length,
      bestEpoch,
      validationLoss: bestEpoch === 0 ? null : epochs[bestEpoch - 1]!.validationLoss,
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
