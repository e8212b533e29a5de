/* eslint-disable @typescript-eslint/no-non-null-assertion -- the names asked for below are those of the rows */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Alarms, DriftTask } from './drift/driftWorker.ts';
import { atLeast, atMost, option, progress, reportBench, type Bar } from './report.ts';
import type { ProcessName } from '../lab/returnProcesses.ts';

const seed = Number(option('seed') ?? 20261121);
const reps = Number(option('reps') ?? 4000);
const CHUNK = 50;

interface Row {
  readonly name: string;
  readonly process: ProcessName;
  readonly change: DriftTask['change'];
}

const NO_CHANGE = { shift: 0, scale: 1 };
const DOUBLED = { shift: 0, scale: 2 };
const SHIFTED = { shift: 0.5, scale: 1 };
const rows: readonly Row[] = [
  { name: 'size normal', process: 'normal', change: NO_CHANGE },
  { name: 'size t4', process: 't4', change: NO_CHANGE },
  { name: 'size GARCH(.08,.90)', process: 'garch', change: NO_CHANGE },
  { name: 'size AR(.5)', process: 'ar', change: NO_CHANGE },
  { name: 'size t5-GARCH(.08,.90)', process: 't5-garch', change: NO_CHANGE },
  { name: 'power volatility x2, normal', process: 'normal', change: DOUBLED },
  { name: 'power mean +0.5 sd, normal', process: 'normal', change: SHIFTED },
  { name: 'power volatility x2, GARCH', process: 'garch', change: DOUBLED },
  { name: 'power mean +0.5 sd, GARCH', process: 'garch', change: SHIFTED },
];

const pool = new Piscina<DriftTask, Alarms>({
  filename: new URL('./drift/driftWorker.js', import.meta.url).href,
  maxThreads: availableParallelism(),
});
const started = performance.now();
let done = 0;
const shares = await Promise.all(rows.map(measure));
await pool.destroy();

const share = (name: string): number => shares[rows.findIndex((row) => row.name === name)]!.calibrated;
const size = (name: string, least: number, most: number): Bar[] => [
  atLeast(`${name}, at least`, share(name), least),
  atMost(`${name}, at most`, share(name), most),
];
reportBench({
  bench: 'drift',
  seed,
  results: {
    reps,
    reference: 1000,
    current: 60,
    nominal: 0.05,
    standardErrorAtNominal: Math.sqrt((0.05 * 0.95) / reps),
    seconds: (performance.now() - started) / 1000,
    table: Object.fromEntries(rows.map((row, k) => [row.name, shares[k]])),
  },
  bars: [
    ...size('size normal', 0.04, 0.06),
    ...size('size t4', 0.04, 0.06),
    ...size('size GARCH(.08,.90)', 0.04, 0.06),
    atMost('size AR(.5)', share('size AR(.5)'), 0.07),
    atMost('size t5-GARCH(.08,.90)', share('size t5-GARCH(.08,.90)'), 0.07),
    atLeast('power volatility x2, normal', share('power volatility x2, normal'), 0.5),
    atLeast('power mean +0.5 sd, normal', share('power mean +0.5 sd, normal'), 0.75),
  ],
});

/** Shares of repetitions called drifted, a row of the table. */
async function measure(row: Row): Promise<Alarms> {
  const starts = Array.from({ length: Math.ceil(reps / CHUNK) }, (_, k) => k * CHUNK);
  const parts = await Promise.all(
    starts.map(async (from) => {
      const task = { process: row.process, change: row.change, from, to: Math.min(from + CHUNK, reps), seed };
      const alarms = await pool.run(task);
      done += task.to - from;
      if (done % 1000 < CHUNK) progress(`drift: ${done} of ${rows.length * reps} checks`);
      return alarms;
    }),
  );
  const total = (test: keyof Alarms): number => parts.reduce((sum, part) => sum + part[test], 0) / reps;
  return {
    calibrated: total('calibrated'),
    blocks: total('blocks'),
    plainKs: total('plainKs'),
    psi: total('psi'),
    levels: total('levels'),
  };
}
