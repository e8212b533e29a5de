import { validate } from 'node-cron';
import {
  invalidSetting,
  PORT,
  readChoice,
  readCommonSettings,
  readNumber,
  readText,
  type CommonSettings,
  type Environment,
} from '../service/settings.ts';
import { isSymbol } from '../core/series/symbol.ts';
import type { SourceName } from '../db/tables/series.ts';

export interface ShepherdConfig extends CommonSettings {
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
  readonly port: number;
  /** Control routes are off without one. */
  readonly token: string | undefined;
  readonly trainingThreads: number | undefined;
  /** Where trainings are told to as well. */
  readonly mlflowTrackingUri: string | undefined;
  readonly mlflowTrackingToken: string | undefined;
}

/** 22:15 UTC: after the close of New York (20:00 or 21:00 UTC) and São Paulo. */
const DEFAULT_SCHEDULE = '15 22 * * *';
const MINIMUM_TOKEN_LENGTH = 16;

/**
 * Reads and checks the settings of the shepherd; empty values count as unset.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): ShepherdConfig {
  const source = readChoice(env, 'SOURCE', ['sample', 'yahoo', 'csv'], 'sample');
  const schedule = readText(env, 'SCHEDULE');
  if (schedule !== undefined && !validate(schedule)) {
    throw invalidSetting('SCHEDULE', schedule, 'a cron expression such as "15 22 * * *"');
  }
  const token = readText(env, 'SHEPHERD_TOKEN');
  if (token !== undefined && token.length < MINIMUM_TOKEN_LENGTH) {
    throw invalidSetting(
      'SHEPHERD_TOKEN',
      '…',
      `at least ${MINIMUM_TOKEN_LENGTH} characters, for example from: openssl rand -hex 24`,
    );
  }
  return {
    ...readCommonSettings(env),
    ownerDatabaseUrl: readText(env, 'OWNER_DATABASE_URL'),
    dataDir: readText(env, 'DATA_DIR') ?? './.data',
    symbols: readSymbols(env, source),
    source,
    csvPath: readText(env, 'CSV_PATH') ?? './csv',
    sampleDaySeconds: readNumber(env, 'SAMPLE_DAY_SECONDS', 2, { least: 0.01, most: 86_400, fractions: true }),
    schedule: schedule ?? (source === 'sample' ? undefined : DEFAULT_SCHEDULE),
    yahooHost: readText(env, 'YAHOO_HOST'),
    port: readNumber(env, 'SHEPHERD_PORT', 5001, PORT),
    token,
    trainingThreads: readNumber(env, 'TRAINING_THREADS', undefined, { least: 1, most: 256 }),
    mlflowTrackingUri: readUri(env, 'MLFLOW_TRACKING_URI'),
    mlflowTrackingToken: readText(env, 'MLFLOW_TRACKING_TOKEN'),
  };
}

function readUri(env: Environment, name: string): string | undefined {
  const uri = readText(env, name);
  if (uri === undefined || (/^https?:/.test(uri) && URL.canParse(uri))) return uri;
  throw invalidSetting(name, uri, 'an address such as http://localhost:5050');
}

/** The symbols of `SYMBOLS`, or the one the source is known for. */
export function readSymbols(env: Environment, source: SourceName): string[] {
  const symbols = (readText(env, 'SYMBOLS') ?? (source === 'sample' ? 'GSPC' : 'MSFT'))
    .split(',')
    .map((symbol) => symbol.trim());
  const odd = symbols.find((symbol) => !isSymbol(symbol));
  if (odd !== undefined) throw invalidSetting('SYMBOLS', odd, 'symbols separated by commas, such as MSFT,PETR4.SA');
  return [...new Set(symbols)];
}
