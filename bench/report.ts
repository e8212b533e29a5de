/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes of a sorted array that is not empty, rounded into it */
/** One measured figure against its limit. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly ok: boolean;
}

export const atMost = (name: string, value: number, limit: number): Bar => ({ name, value, limit, ok: value <= limit });
export const atLeast = (name: string, value: number, limit: number): Bar => ({
  name,
  value,
  limit,
  ok: value >= limit,
});

export interface BenchReport {
  readonly bench: string;
  readonly seed: number;
  readonly results: Readonly<Record<string, unknown>>;
  readonly bars: readonly Bar[];
}

/** Prints the report (one JSON object with `--json`, else a table of the bars) and sets the exit code: 0 only when every bar holds. */
export function reportBench(report: BenchReport): void {
  const ok = report.bars.every((bar) => bar.ok);
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ ...report, ok })}\n`);
  } else {
    process.stdout.write(`${JSON.stringify(report.results, null, 2)}\n\n`);
    for (const bar of report.bars) {
      process.stdout.write(
        `${bar.ok ? 'ok  ' : 'MISS'}  ${bar.name}: ${formatFigure(bar.value)} (limit ${bar.limit})\n`,
      );
    }
  }
  process.exitCode = ok ? 0 : 1;
}

/** The value after `--name` on the command line, if any. */
export function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

/** A line of progress on stderr, rewritten in place on a terminal. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else process.stderr.write(`${text}\n`);
}

/** The `q` quantile (0…1) of unsorted samples, by linear interpolation (Hyndman & Fan 1996, type 7). */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (position - low);
}

function formatFigure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
