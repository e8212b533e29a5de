import { validate } from 'node-cron';
import { ShepherdError } from '../core/errors.ts';

export type SourceName = 'sample' | 'yahoo' | 'csv';

export interface ShepherdConfig {
  readonly databaseUrl: string | undefined;
  /** A login that may change the tables, for the migrations alone; absent: `databaseUrl`. */
  readonly ownerDatabaseUrl: string | undefined;
  readonly dataDir: string;
  readonly symbols: readonly string[];
  readonly source: SourceName;
  readonly csvPath: string;
  readonly sampleDaySeconds: number;
  /** Cron expression in UTC; `undefined` where the feed itself is the clock (the sample). */
  readonly schedule: string | undefined;
  readonly yahooHost: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Control routes are off without one. */
  readonly token: string | undefined;
  readonly logFormat: 'text' | 'json';
  readonly trainingThreads: number | undefined;
}

/** 22:15 UTC on weekdays: after the close of New York (20:00 or 21:00 UTC) and São Paulo. */
const DEFAULT_SCHEDULE = '15 22 * * *';
const MINIMUM_TOKEN_LENGTH = 16;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the settings of the shepherd; empty values count as unset.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): ShepherdConfig {
  const source = oneOf(env, 'SOURCE', ['sample', 'yahoo', 'csv'] as const, 'sample');
  const schedule = text(env, 'SCHEDULE');
  if (schedule !== undefined && !validate(schedule)) {
    throw invalid('SCHEDULE', schedule, 'a cron expression such as "15 22 * * *"');
  }
  const token = text(env, 'SHEPHERD_TOKEN');
  if (token !== undefined && token.length < MINIMUM_TOKEN_LENGTH) {
    throw invalid(
      'SHEPHERD_TOKEN',
      '…',
      `at least ${MINIMUM_TOKEN_LENGTH} characters, for example from: openssl rand -hex 24`,
    );
  }
  const threads = text(env, 'TRAINING_THREADS');
  return {
    databaseUrl: text(env, 'DATABASE_URL'),
    ownerDatabaseUrl: text(env, 'OWNER_DATABASE_URL'),
    dataDir: text(env, 'DATA_DIR') ?? './.data',
    symbols: readSymbols(env, source),
    source,
    csvPath: text(env, 'CSV_PATH') ?? './csv',
    sampleDaySeconds: number(env, 'SAMPLE_DAY_SECONDS', 2, 0.01, 86_400),
    schedule: schedule ?? (source === 'sample' ? undefined : DEFAULT_SCHEDULE),
    yahooHost: text(env, 'YAHOO_HOST'),
    host: text(env, 'HOST') ?? '127.0.0.1',
    port: number(env, 'SHEPHERD_PORT', 5001, 0, 65_535),
    token,
    logFormat: oneOf(env, 'LOG_FORMAT', ['text', 'json'] as const, 'text'),
    trainingThreads: threads === undefined ? undefined : number(env, 'TRAINING_THREADS', 1, 1, 256),
  };
}

/** The symbols of `SYMBOLS`, or the one the source is known for. */
export function readSymbols(env: Environment, source: SourceName): string[] {
  const symbols = (text(env, 'SYMBOLS') ?? (source === 'sample' ? 'GSPC' : 'MSFT'))
    .split(',')
    .map((symbol) => symbol.trim());
  const odd = symbols.find((symbol) => !/^[A-Za-z0-9^=.\-_]{1,32}$/.test(symbol));
  if (odd !== undefined) throw invalid('SYMBOLS', odd, 'symbols separated by commas, such as MSFT,PETR4.SA');
  return [...new Set(symbols)];
}

function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function number(env: Environment, name: string, fallback: number, least: number, most: number): number {
  const given = text(env, name);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!(value >= least && value <= most)) throw invalid(name, given, `a number from ${least} to ${most}`);
  return value;
}

function oneOf<T extends string>(env: Environment, name: string, choices: readonly T[], fallback: T): T {
  const given = text(env, name);
  if (given === undefined) return fallback;
  const choice = choices.find((candidate) => candidate === given);
  if (choice === undefined) throw invalid(name, given, `one of ${choices.join(', ')}`);
  return choice;
}

function invalid(name: string, value: string, expected: string): ShepherdError {
  return new ShepherdError('INVALID_CONFIG', `${name} is "${value}"; expected ${expected}.`);
}
