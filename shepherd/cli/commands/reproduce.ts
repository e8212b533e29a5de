import { ShepherdError } from '../../../core/errors.ts';
import { figure } from '../../../core/prose/figures.ts';
import { decodeArtifact } from '../../../core/model/artifact.ts';
import { backendOf, TRAINING_BACKENDS, type TrainingBackend } from '../../../core/model/training/learner.ts';
import { compareTrainings, type Reproduction } from '../../../core/model/reproduction.ts';
import { parseVersion } from '../../../core/model/version.ts';
import { getModel } from '../../../db/tables/models.ts';
import { getSnapshot } from '../../../db/tables/snapshots.ts';
import { createTrainingProgress } from '../../progress.ts';
import { createTrainingPool } from '../../threads/pool.ts';
import { printResult, textOption, type Command } from './command.ts';

const DIFFERENT = 1;

export const reproduce: Command = {
  name: 'reproduce',
  summary: 'train a stored version again from the database alone and compare the hashes; by tfjs, the forecasts',
  usage: 'shepherd reproduce <version> [--backend kernel|tfjs] [--json]',
  examples: ['shepherd reproduce 1', 'shepherd reproduce 1 --backend tfjs'],
  options: { backend: { type: 'string', about: 'kernel or tfjs; as the version was trained when left out' } },
  async run(context, values, [given]) {
    if (given === undefined) throw new ShepherdError('INVALID_INPUT', 'Name the version: shepherd reproduce 1');
    const version = parseVersion(given);
    const asked = backendAsked(textOption(values, 'backend'));
    const db = await context.database();
    const model = await getModel(db, version);
    const { closes } = await getSnapshot(db, model.dataDigest);
    const initial = model.parent === null ? undefined : decodeArtifact(await getModel(db, model.parent));
    // As it was trained, unless another way is asked for.
    const pool = createTrainingPool({ threads: 1, backend: asked ?? backendOf(model.training.backend) });
    const progress = createTrainingProgress(model.symbol, context.log, context.io.isTerminal);
    try {
      const again = await pool.train(
        {
          closes,
          validationDays: model.training.validationDays,
          spec: model.spec,
          seed: model.seed,
          ...(initial === undefined ? {} : { initial }),
        },
        {
          signal: context.signal,
          onEpoch: (epoch) => {
            progress.report(model.arm, epoch);
          },
        },
      );
      const first = { network: decodeArtifact(model), backend: model.training.backend, sha256: model.sha256 };
      const found = compareTrainings(first, again, closes);
      printResult(context, { version, backend: again.backend, ...found }, [describe(version, again.backend, found)]);
      return found.same ? 0 : DIFFERENT;
    } finally {
      progress.stop();
      await pool.close();
    }
  },
};

function backendAsked(given: string | undefined): TrainingBackend | undefined {
  if (given === undefined) return undefined;
  const backend = TRAINING_BACKENDS.find((each) => each === given);
  if (backend !== undefined) return backend;
  throw new ShepherdError('INVALID_INPUT', `--backend is "${given}"; expected one of ${TRAINING_BACKENDS.join(', ')}.`);
}

function describe(version: number, backend: string, found: Reproduction): string {
  if (found.by === 'hash') {
    return found.same
      ? `Model ${version} is reproduced to the byte: ${found.stored}`
      : `Model ${version} came out differently: stored ${found.stored}, trained ${found.trained}`;
  }
  const { distance, tolerance, same } = found;
  return (
    `Model ${version} trained by ${backend} ${same ? 'says the same' : 'says something else'}: over ${distance.forecasts} forecasts the ` +
    `means differ by at most ${figure(distance.mean, 2)} spreads and the spreads by ${figure(distance.spread, 2)} of themselves ` +
    `(tolerance ${tolerance}).`
  );
}
