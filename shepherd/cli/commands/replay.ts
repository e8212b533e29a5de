import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ShepherdError } from '../../../core/errors.ts';
import { drawReplays } from '../../../core/replay/picture.ts';
import { POLICIES, type Policy } from '../../../core/replay/policy.ts';
import { replayPolicy, type Replay } from '../../../core/replay/replay.ts';
import { replayCsv, summariseReplays, type ReplayRow } from '../../../core/replay/summary.ts';
import { openWorkshop } from '../../../core/replay/workshop.ts';
import type { ModelSpec } from '../../../core/model/spec.ts';
import { parseDay } from '../../../core/series/day.ts';
import type { Series } from '../../../core/series/price.ts';
import type { SeriesSettings } from '../../../core/settings/seriesSettings.ts';
import { readHistory } from '../replayHistory.ts';
import { formatTable } from '../table.ts';
import { timeOnThread } from '../timedTraining.ts';
import { createTrainingPool, type TrainingPool } from '../../threads/pool.ts';
import { SYMBOL, printResult, textOption, type Command, type CommandContext, type Values } from './command.ts';
import { fixed, percent } from '../../../core/prose/figures.ts';
import { plural } from '../../../core/prose/plural.ts';

/** Ten trading years: what a training is given at most, so that a replay of a long series ends today. */
const HISTORY_DAYS = 2500;
/** Days lived between two lines of progress. */
const PROGRESS_DAYS = 250;

export const replayCommand: Command = {
  name: 'replay',
  summary: 'what each retraining policy would have cost and gained over history, day by day',
  usage:
    'shepherd replay --symbol S | --file CSV [--from DAY] [--to DAY] [--policy P,P] [--history DAYS] [--set NAME=VALUE,…] [--out DIR] [--json]',
  examples: [
    'shepherd replay --symbol GSPC --from 2014-01-01 --to 2023-12-31 --out replay',
    'shepherd replay --file prices.csv --policy never,stale,drift',
    'shepherd replay --symbol MSFT --policy stale,service --set STALE_AFTER_DAYS=30,COOLDOWN_DAYS=10',
  ],
  options: {
    symbol: SYMBOL,
    file: { type: 'string', about: 'a CSV of prices instead; needs no database' },
    from: { type: 'string', about: 'first day to live; the thousandth of the series when left out' },
    to: { type: 'string', about: 'last day to live; the last of the series when left out' },
    policy: { type: 'string', about: `which, by commas, of ${POLICIES.join(', ')}; all when left out` },
    history: { type: 'string', about: 'days a training is given at most (2500)' },
    set: { type: 'string', about: 'settings to decide by instead of those in force: NAME=VALUE,NAME=VALUE' },
    out: { type: 'string', about: 'folder for the table and the picture' },
  },
  async run(context, values) {
    const { symbol, series, spec, settings, flock } = await readHistory(context, values);
    const { from, to } = rangeOf(series, values);
    const pool = createTrainingPool(context.config.training);
    try {
      const began = performance.now();
      const { replays, trainings } = await replayAll(context, pool, {
        symbol,
        series,
        from,
        to,
        policies: policiesOf(textOption(values, 'policy')),
        historyDays: historyOf(textOption(values, 'history')),
        spec,
        flock,
        settings,
      });
      const seconds = (performance.now() - began) / 1000;
      const rows = summariseReplays(replays);
      const out = textOption(values, 'out');
      const [first, last] = [series.days[from], series.days[to - 1]].map(String);
      const title = `${symbol}, ${first} to ${last}: CRPS saved against EWMA normal, dots are promotions`;
      if (out !== undefined) await save(out, rows, drawReplays(replays, title));
      const result = { symbol, from: series.days[from], to: series.days[to - 1], seconds, trainings, rows };
      printResult(context, result, describe(rows, { symbol, seconds, trainings, out }));
      return 0;
    } finally {
      await pool.close();
    }
  },
};

/** Whole history by default: from the first day on which a model can be trained, to the last. */
function rangeOf({ days }: Series, values: Values): { from: number; to: number } {
  const [first, last] = [textOption(values, 'from'), textOption(values, 'to')];
  const from = first === undefined ? Math.min(days.length - 1, 1000) : days.findIndex((day) => day >= parseDay(first));
  const after = last === undefined ? -1 : days.findIndex((day) => day > parseDay(last));
  const to = after === -1 ? days.length : after;
  if (from === -1 || to - from < 60) {
    throw new ShepherdError(
      'TOO_FEW_VALUES',
      'A replay needs 60 days or more between --from and --to that the series has.',
    );
  }
  return { from, to };
}

function policiesOf(text: string | undefined): Policy[] {
  if (text === undefined) return [...POLICIES];
  return text.split(',').map((name) => {
    const policy = POLICIES.find((each) => each === name.trim());
    if (policy !== undefined) return policy;
    throw new ShepherdError('INVALID_INPUT', `There is no policy "${name}"; choose from ${POLICIES.join(', ')}.`);
  });
}

function historyOf(text: string | undefined): number {
  const days = text === undefined ? HISTORY_DAYS : Number(text);
  if (Number.isInteger(days) && days >= 500) return days;
  throw new ShepherdError('INVALID_INPUT', `--history is ${text ?? ''}; expected 500 or more days.`);
}

interface ReplayPlan {
  readonly symbol: string;
  readonly series: Series;
  readonly from: number;
  readonly to: number;
  readonly policies: readonly Policy[];
  readonly historyDays: number;
  readonly spec: ModelSpec;
  readonly settings: SeriesSettings;
  readonly flock: number;
}

async function replayAll(
  { io, signal }: CommandContext,
  pool: TrainingPool,
  plan: ReplayPlan,
): Promise<{ replays: Replay[]; trainings: number }> {
  const { symbol, series, from, to, policies, historyDays, spec, settings, flock } = plan;
  const workshop = openWorkshop({
    symbol,
    spec,
    historyDays,
    train: timeOnThread(pool, signal),
  });
  const replays = await Promise.all(
    policies.map((policy) => {
      let lived = 0;
      return replayPolicy({
        ...settings,
        flock,
        symbol,
        series,
        from,
        to,
        policy,
        workshop,
        onDay: (day) => {
          lived += 1;
          if (lived % PROGRESS_DAYS === 0) io.stderr(`${policy}: lived to ${day}\n`);
        },
      });
    }),
  );
  return { replays, trainings: workshop.trainings() };
}

async function save(folder: string, rows: readonly ReplayRow[], picture: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'replay.csv'), replayCsv(rows));
  await writeFile(join(folder, 'replay.svg'), picture);
}

function describe(
  rows: readonly ReplayRow[],
  { symbol, seconds, trainings, out }: { symbol: string; seconds: number; trainings: number; out: string | undefined },
): string[] {
  const header = [
    'policy',
    'year',
    'days',
    'retrains',
    'promoted',
    'seconds',
    'MSE/naive',
    'CRPS/EWMA',
    'CRPS/never',
    'in 90 % band',
  ];
  const cells = rows.map((row) => [
    row.policy,
    row.year,
    String(row.days),
    String(row.retrains),
    String(row.promotions),
    fixed(row.seconds, 1),
    fixed(row.mseRatio, 4),
    fixed(row.crpsRatio, 4),
    row.crpsToNever === null ? '-' : fixed(row.crpsToNever, 4),
    percent(row.coverage),
  ]);
  return [
    ...formatTable(header, cells),
    '',
    `${symbol}: ${plural(trainings, 'training')} in ${fixed(seconds, 0)} s; what two policies share was trained once and counted for each.`,
    ...(out === undefined ? [] : [`Written: ${join(out, 'replay.csv')} and ${join(out, 'replay.svg')}`]),
  ];
}
