import cliProgress from 'cli-progress';
import { ShepherdError } from '../../core/errors.ts';
import { DEFAULT_PLAN, plannedTrials } from '../../core/search/halving.ts';
import { runSearch, type SearchTrial } from '../../core/search/search.ts';
import { chooseTransform } from '../../core/series/transform.ts';
import { listCloses } from '../../db/prices.ts';
import { findSeries, saveModelParameters } from '../../db/series.ts';
import { listTrials, saveTrial } from '../../db/trials.ts';
import { connectMlflow, type Mlflow } from '../mlflow.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';
import { createTrainingPool } from '../training/pool.ts';
import { printResult, textOption, type Command, type Io } from './command.ts';

export const searchCommand: Command = {
  name: 'search',
  summary: 'search for a better network setting by rolling origins; the winner becomes a challenger',
  usage: 'shepherd search [--symbol S] [--trials N] [--seed N] [--name NAME] [--json]',
  examples: [
    'shepherd search --symbol MSFT',
    'shepherd search --symbol MSFT --trials 9 --name quick   (again: goes on)',
  ],
  options: {
    symbol: { type: 'string' },
    trials: { type: 'string' },
    seed: { type: 'string' },
    name: { type: 'string' },
  },
  async run(context, values) {
    const { io, signal } = context;
    const symbol = textOption(values, 'symbol') ?? context.config.symbols[0]!;
    const db = await context.database();
    const series = await listCloses(db, symbol);
    const kept = await findSeries(db, symbol);
    if (series.days.length === 0 || kept === undefined) {
      throw new ShepherdError(
        'UNKNOWN_SYMBOL',
        `There are no prices of ${symbol}; run: shepherd pull --symbol ${symbol}`,
      );
    }
    const seed = count(textOption(values, 'seed'), 'seed', 0, 1);
    const plan = { ...DEFAULT_PLAN, trials: count(textOption(values, 'trials'), 'trials', 1, DEFAULT_PLAN.trials) };
    // The same question on the same data has the same name, and so goes on where it was stopped.
    const name = textOption(values, 'name') ?? `${symbol} ${series.days.at(-1)!} seed ${seed} trials ${plan.trials}`;
    const base = { ...DEFAULT_SETTINGS.spec, ...kept.model, transform: chooseTransform(series.closes) };
    const pool = createTrainingPool();
    const progress = showProgress(io, plannedTrials(plan));
    const mlflow = mlflowFrom(process.env);
    try {
      const { winner, inUse } = await runSearch({
        series,
        base,
        seed,
        plan,
        trainer: { train: (request, options) => pool.train(request, { ...options, signal }) },
        store: {
          list: async () => {
            const trials = await listTrials(db, name);
            progress.at(trials.length);
            return trials;
          },
          save: async (trial) => {
            await saveTrial(db, { search: name, symbol, ...trial });
            await report(mlflow, name, symbol, trial, io);
          },
        },
        onTrial: progress.judged,
      });
      const { units, window, dropout, learningRate, batch, sequenceLength, warmup } = winner.spec;
      if (winner.number !== 0) {
        await saveModelParameters(db, symbol, { units, window, dropout, learningRate, batch, sequenceLength, warmup });
      }
      printResult(context, { search: name, symbol, winner, inUse }, [
        winner.number === 0
          ? `The setting in use is the best of ${plan.trials}: CRPS to EWMA ${winner.score!.toFixed(4)}.`
          : `Setting ${winner.number} of ${plan.trials} is the best: CRPS to EWMA ${winner.score!.toFixed(4)}` +
            ` (in use ${inUse?.toFixed(4) ?? 'fell out earlier'}): ${JSON.stringify({ window, units, dropout, learningRate, batch })}.`,
        ...(winner.number === 0
          ? []
          : [`The next training of ${symbol} uses it, and the gate decides: shepherd run --symbol ${symbol} --force`]),
      ]);
      return 0;
    } finally {
      progress.stop();
      await pool.close();
    }
  },
};

function count(text: string | undefined, name: string, least: number, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new ShepherdError('INVALID_INPUT', `--${name} is ${text ?? ''}; expected a whole number from ${least} on.`);
}

function mlflowFrom(env: NodeJS.ProcessEnv): Mlflow | undefined {
  const trackingUri = env['MLFLOW_TRACKING_URI'];
  if (trackingUri === undefined || trackingUri === '') return undefined;
  return connectMlflow({ trackingUri, token: env['MLFLOW_TRACKING_TOKEN'], now: Date.now });
}

/** A tracking server that is away loses its copy, not the search: the trial is in the database. */
async function report(
  mlflow: Mlflow | undefined,
  search: string,
  symbol: string,
  trial: SearchTrial,
  io: Io,
): Promise<void> {
  const { number, rung, spec, score, detail } = trial;
  try {
    await mlflow?.record('shepherd', {
      name: `${search} trial ${number} rung ${rung}`,
      params: { ...spec, units: spec.units.join('-'), rung, origins: detail.origins },
      metrics: { crps_ratio: score, mse_ratio: detail.mseRatio },
      tags: { search, symbol },
      failed: score === null,
    });
  } catch (error) {
    io.stderr(`${error instanceof Error ? error.message : String(error)} The trial is kept here.\n`);
  }
}

interface SearchProgress {
  /** Trials already kept. */
  readonly at: (done: number) => void;
  readonly judged: (trial: SearchTrial) => void;
  readonly stop: () => void;
}

function showProgress(io: Io, total: number): SearchProgress {
  let done = 0;
  const bar = io.isTerminal
    ? new cliProgress.SingleBar({ format: 'search {bar} {value}/{total} trials  best {best}', stream: process.stderr })
    : undefined;
  let best = Infinity;
  bar?.start(total, 0, { best: '-' });
  return {
    at: (kept) => {
      done = Math.max(done, kept);
      bar?.update(done);
    },
    judged: ({ number, rung, score }) => {
      done += 1;
      best = Math.min(best, score ?? Infinity);
      if (bar !== undefined) bar.update(done, { best: best.toFixed(4) });
      else
        io.stderr(
          `${done} of ${total}: setting ${number} at rung ${rung}: CRPS to EWMA ${score?.toFixed(4) ?? 'failed'}\n`,
        );
    },
    stop: () => {
      bar?.stop();
    },
  };
}
