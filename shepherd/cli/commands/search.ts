import cliProgress from 'cli-progress';
import { DEFAULT_PLAN, plannedTrials } from '../../../core/search/halving.ts';
import { runSearch, type SearchTrial } from '../../../core/search/search.ts';
import { DEFAULT_SPEC, type ModelSpec } from '../../../core/model/spec.ts';
import { seedFrom } from '../../../core/random.ts';
import { lastDayOf } from '../../../core/series/price.ts';
import type { SeriesSymbol } from '../../../core/series/symbol.ts';
import { listTrials, saveTrial } from '../../../db/tables/trials.ts';
import { specOfSeries } from '../../settings.ts';
import type { MlflowRun } from '../../tracking/mlflow.ts';
import { readStoredHistory } from '../storedHistory.ts';
import { SYMBOL, printResult, symbolOrFirst, textOption, wholeNumberOption, type Command, type Io } from './command.ts';
import { closeRunContext, openRunContext, runNow } from './runNow.ts';
import { fixed } from '../../../core/prose/figures.ts';

export const searchCommand: Command = {
  name: 'search',
  summary: 'search for a better network setting by rolling origins; the winner becomes a challenger',
  usage: 'shepherd search [--symbol S] [--trials N] [--seed N] [--name NAME] [--json]',
  examples: [
    'shepherd search --symbol MSFT',
    'shepherd search --symbol MSFT --trials 9 --name quick   (again: goes on)',
  ],
  options: {
    symbol: SYMBOL,
    trials: { type: 'string', about: `settings to try (${DEFAULT_PLAN.trials})` },
    seed: { type: 'string', about: 'of the draws (1)' },
    name: { type: 'string', about: 'of the search: the same name goes on where it was stopped' },
  },
  async run(context, values) {
    const { io, signal } = context;
    const symbol = symbolOrFirst(context, values);
    const db = await context.database();
    const { kept, series } = await readStoredHistory(db, symbol);
    const seed = wholeNumberOption(values, 'seed', 0, 1);
    const plan = { ...DEFAULT_PLAN, trials: wholeNumberOption(values, 'trials', 1, DEFAULT_PLAN.trials) };
    const base = specOfSeries(DEFAULT_SPEC, kept);
    // The same question has the same name, and so goes on where it was stopped; another setting in use is another question.
    const inUse = seedFrom(JSON.stringify(base)).toString(16);
    const name =
      textOption(values, 'name') ?? `${symbol} ${lastDayOf(series)} ${inUse} seed ${seed} trials ${plan.trials}`;
    const runContext = await openRunContext(context);
    const progress = showProgress(io, plannedTrials(plan));
    try {
      const found = await runSearch({
        series,
        base,
        seed,
        plan,
        trainer: { train: (request, options) => runContext.pool.train(request, { ...options, signal }) },
        store: {
          list: async () => {
            const trials = await listTrials(db, name);
            progress.at(trials.length);
            return trials;
          },
          save: async (trial) => {
            await db.transaction(async (client) => {
              await saveTrial(client, { search: name, symbol, ...trial });
              if (runContext.tracker !== undefined) await runContext.tracker.record(client, asRun(name, symbol, trial));
            });
          },
        },
        onTrial: progress.judged,
      });
      progress.stop();
      const { winner } = found;
      // The winner is a challenger like any other: the settings are kept only if a model of them is promoted.
      const run =
        winner.number === 0
          ? null
          : await runNow(runContext, symbol, { force: true, reason: `search "${name}"`, model: partOf(winner.spec) });
      printResult(context, { search: name, symbol, winner, inUse: found.inUse, run }, [
        winner.number === 0
          ? `The setting in use is the best of ${plan.trials}: CRPS to EWMA ${fixed(winner.score, 4)}.`
          : `Setting ${winner.number} of ${plan.trials} is the best: CRPS to EWMA ${fixed(winner.score, 4)}` +
            ` (in use ${found.inUse === null ? 'fell out earlier' : fixed(found.inUse, 4)}): ${JSON.stringify(partOf(winner.spec))}.`,
        ...(run === null ? [] : [`At the gate: ${run.sentence ?? 'nothing came of it'}`]),
      ]);
      return 0;
    } finally {
      progress.stop();
      await closeRunContext(context, runContext);
    }
  },
};

/** What a search varies. */
function partOf({
  units,
  window,
  dropout,
  learningRate,
  batch,
  sequenceLength,
  warmup,
}: ModelSpec): Partial<ModelSpec> {
  return { units, window, dropout, learningRate, batch, sequenceLength, warmup };
}

/** A trial as a tracker is told of it. */
function asRun(search: string, symbol: SeriesSymbol, trial: SearchTrial): MlflowRun {
  const { number, rung, spec, score, detail } = trial;
  return {
    name: `${search} trial ${number} rung ${rung}`,
    params: { ...spec, units: spec.units.join('-'), rung, origins: detail.origins },
    metrics: { crps_ratio: score, mse_ratio: detail.mseRatio },
    tags: { search, symbol },
    failed: score === null,
  };
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
      if (bar !== undefined) bar.update(done, { best: fixed(best, 4) });
      else
        io.stderr(
          `${done} of ${total}: setting ${number} at rung ${rung}: CRPS to EWMA ${score === null ? 'failed' : fixed(score, 4)}\n`,
        );
    },
    stop: () => {
      bar?.stop();
    },
  };
}
