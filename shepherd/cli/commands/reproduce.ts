import { ShepherdError } from '../../../core/errors.ts';
import { decodeArtifact, encodeArtifact } from '../../../core/model/artifact.ts';
import { getModel } from '../../../db/tables/models.ts';
import { getSnapshot } from '../../../db/tables/snapshots.ts';
import { createTrainingProgress } from '../../progress.ts';
import { createTrainingPool } from '../../threads/pool.ts';
import { printResult, type Command } from './command.ts';

const DIFFERENT = 1;

export const reproduce: Command = {
  name: 'reproduce',
  summary: 'train a stored version again from the database alone and compare the hashes',
  usage: 'shepherd reproduce <version> [--json]',
  examples: ['shepherd reproduce 1'],
  options: {},
  async run(context, _values, [given]) {
    const version = Number(given);
    if (!Number.isInteger(version) || version < 1)
      throw new ShepherdError('INVALID_INPUT', 'Name the version: shepherd reproduce 1');
    const db = await context.database();
    const model = await getModel(db, version);
    const { closes } = await getSnapshot(db, model.dataDigest);
    const initial = model.parent === null ? undefined : decodeArtifact(await getModel(db, model.parent));
    const pool = createTrainingPool({ threads: 1 });
    const progress = createTrainingProgress(model.symbol, context.log, context.io.isTerminal);
    try {
      const { network } = await pool.train(
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
      const { sha256 } = encodeArtifact(network);
      const same = sha256 === model.sha256;
      printResult(context, { version, same, stored: model.sha256, trained: sha256 }, [
        same
          ? `Model ${version} is reproduced to the byte: ${sha256}`
          : `Model ${version} came out differently: stored ${model.sha256}, trained ${sha256}`,
      ]);
      return same ? 0 : DIFFERENT;
    } finally {
      progress.stop();
      await pool.close();
    }
  },
};
