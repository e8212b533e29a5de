import { parseArgs } from 'node:util';
import { assessDrift } from '../../core/drift/distribution/assessDrift.ts';
import { describeDrift } from '../../core/drift/distribution/describe.ts';
import type { DriftReport } from '../../core/drift/distribution/report.ts';
import {
  MOST_CURRENT,
  MOST_REFERENCE,
  SINGLE_CHECK_SETTING,
  type AlarmRule,
  type DriftSetting,
} from '../../core/drift/setting.ts';
import { ShepherdError } from '../../core/errors.ts';
import { seedFrom } from '../../core/random.ts';
import type { Changes } from '../../core/series/transform.ts';
import { changesFromJson, readChangesCsv } from './assessInput.ts';

export const ASSESS_USAGE = [
  'shepherd assess <reference.csv> <current.csv> [--column C] [--returns] [--level P | --false-alarm-days N] [--seed N] [--json]',
  '       shepherd assess --jsonl   (lines {"reference":[…],"current":[…]} of returns on stdin, an answer a line)',
] as const;

export interface AssessIo {
  /** Text of the lines to assess with `--jsonl`. */
  readonly stdin: AsyncIterable<string | Uint8Array>;
  /** A line of the result. */
  readonly out: (line: string) => void;
}

/** The answer to one line of `--jsonl`. */
interface LineAnswer {
  readonly d: number | null;
  readonly p: number | null;
  readonly calibratedP: number | null;
  readonly verdict: DriftReport['verdict'];
  readonly cause: DriftReport['cause'];
  /** The verdict in a sentence: where d and p are null, what stood in the way. */
  readonly reason: string;
}

/**
 * `shepherd assess`: the drift check alone, without a database. All changes of both files are compared, so the window is as
 * long as the current file. A single check alarms at a probability of 5 % unless told otherwise.
 * @returns the exit status: 0, or 2 when a line of `--jsonl` could not be assessed.
 * @throws ShepherdError INVALID_INPUT, INVALID_CSV, LEVELS_NOT_RETURNS, INVALID_CONFIG
 */
export async function runAssess(args: readonly string[], io: AssessIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      jsonl: { type: 'boolean' },
      json: { type: 'boolean' },
      returns: { type: 'boolean' },
      column: { type: 'string' },
      level: { type: 'string' },
      'false-alarm-days': { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const rule = readRule(values.level, values['false-alarm-days']);
  const seed = readNumber('--seed', values.seed) ?? 1;
  if (values.jsonl === true) return assessLines(io, rule, seed);
  const [referencePath, currentPath] = positionals;
  if (referencePath === undefined || currentPath === undefined || positionals.length > 2) {
    throw new ShepherdError('INVALID_INPUT', `assess takes two files. usage: ${ASSESS_USAGE.join('\n')}`);
  }
  const options = { column: values.column, returns: values.returns === true };
  const reference = await readChangesCsv(referencePath, options);
  const current = await readChangesCsv(currentPath, options);
  const report = assess(reference, current, rule, seed);
  if (values.json === true) io.out(JSON.stringify(report));
  else for (const line of describeDrift(report)) io.out(line);
  return 0;
}

async function assessLines(io: AssessIo, rule: AlarmRule, seed: number): Promise<number> {
  let status = 0;
  for await (const line of linesOf(io.stdin)) {
    if (line.trim() === '') continue;
    try {
      const { reference, current } = changesFromJson(line);
      const report = assess(reference, current, rule, seed);
      const answer: LineAnswer = {
        d: report.statistic,
        p: report.rawP,
        calibratedP: report.calibratedP,
        verdict: report.verdict,
        cause: report.cause,
        reason: report.reason,
      };
      io.out(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof ShepherdError)) throw error;
      status = error.exitStatus;
      io.out(JSON.stringify({ error: error.message, code: error.code }));
    }
  }
  return status;
}

/**
 * The random histories depend on the values, so that the errors of many checks are unrelated, and not on their order.
 * @throws ShepherdError LEVELS_NOT_RETURNS: a person who gives prices for returns wants to know it.
 */
function assess(reference: Changes, current: Changes, rule: AlarmRule, seed: number): DriftReport {
  const setting: DriftSetting = {
    rule,
    windowDays: Math.min(MOST_CURRENT, Math.max(SINGLE_CHECK_SETTING.windowDays, current.length)),
    referenceDays: Math.min(MOST_REFERENCE, Math.max(SINGLE_CHECK_SETTING.referenceDays, reference.length)),
  };
  const report = assessDrift({
    isAlone: true,
    reference,
    current,
    setting,
    seed: seedFrom(seed, reference.join(), current.join()),
  });
  if (report.verdict === 'undetermined' && report.obstacle === 'like-levels')
    throw new ShepherdError('LEVELS_NOT_RETURNS', `${report.reason} Give log returns, not prices.`);
  return report;
}

function readRule(level: string | undefined, falseAlarmDays: string | undefined): AlarmRule {
  if (level !== undefined && falseAlarmDays !== undefined) {
    throw new ShepherdError('INVALID_INPUT', 'Give --level or --false-alarm-days, not both.');
  }
  const everyDays = readNumber('--false-alarm-days', falseAlarmDays);
  if (everyDays !== undefined) return { kind: 'false-alarms', everyDays };
  const share = readNumber('--level', level);
  return share === undefined ? SINGLE_CHECK_SETTING.rule : { kind: 'level', level: share };
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new ShepherdError('INVALID_INPUT', `${name} takes a number, not "${text.slice(0, 40)}".`);
}

async function* linesOf(chunks: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}
