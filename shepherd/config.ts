import { validate } from 'node-cron';
import {
  invalidSetting,
  readCommonSettings,
  readSetting,
  type CommonSettings,
  type Environment,
} from '../service/settings/read.ts';
import type { NonEmpty } from '../core/nonEmpty.ts';
import { parseSymbol, type SeriesSymbol } from '../core/series/symbol.ts';
import { applySettings, pickGiven } from '../core/settings/given.ts';
import { DEFAULT_SERIES_SETTINGS, type SeriesSettings } from '../core/settings/seriesSettings.ts';
import type { TrainingPoolOptions } from './threads/pool.ts';
import type { SourceName } from '../db/tables/series.ts';

export interface ShepherdConfig extends CommonSettings {
  /** A login that may change the tables, for `npm start` and `shepherd migrate`; absent: `databaseUrl`. */
  readonly ownerDatabaseUrl: string | undefined;
  readonly dataDir: string;
  readonly symbols: NonEmpty<SeriesSymbol>;
  readonly source: SourceName;
  readonly csvPath: string;
  readonly sampleDaySeconds: number;
  /** Cron expression in UTC; `undefined` where the feed itself is the clock (the sample). */
  readonly schedule: string | undefined;
  readonly yahooHost: string | undefined;
  readonly port: number;
  /** Control routes are off without one. */
  readonly token: string | undefined;
  /** Largest request body of the control service, an uploaded file included. */
  readonly bodyLimitBytes: number;
  /** Threads and backend of trainings. */
  readonly training: TrainingPoolOptions;
  /** Of every series that has none of its own. */
  readonly settings: SeriesSettings;
  /** Where trainings are told to as well. */
  readonly mlflowTrackingUri: string | undefined;
  readonly mlflowTrackingToken: string | undefined;
}

/** 22:15 UTC: after the close of New York (20:00 or 21:00 UTC) and São Paulo. */
const DEFAULT_SCHEDULE = '15 22 * * *';

/**
 * Reads and checks the settings of the shepherd; empty values count as unset.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): ShepherdConfig {
  const source = readSetting(env, 'SOURCE');
  const schedule = readSetting(env, 'SCHEDULE');
  if (schedule !== undefined && !validate(schedule)) throw invalidSetting('SCHEDULE', schedule);
  const threads = readSetting(env, 'TRAINING_THREADS');
  return {
    ...readCommonSettings(env),
    ownerDatabaseUrl: readSetting(env, 'OWNER_DATABASE_URL'),
    dataDir: readSetting(env, 'DATA_DIR'),
    symbols: readSetting(env, 'SYMBOLS') ?? [parseSymbol(source === 'sample' ? 'GSPC' : 'MSFT')],
    source,
    csvPath: readSetting(env, 'CSV_PATH'),
    sampleDaySeconds: readSetting(env, 'SAMPLE_DAY_SECONDS'),
    schedule: schedule ?? (source === 'sample' ? undefined : DEFAULT_SCHEDULE),
    yahooHost: readSetting(env, 'YAHOO_HOST'),
    port: readSetting(env, 'SHEPHERD_PORT'),
    token: readSetting(env, 'SHEPHERD_TOKEN'),
    bodyLimitBytes: readSetting(env, 'BODY_LIMIT_BYTES'),
    training: {
      backend: readSetting(env, 'TRAINING_BACKEND'),
      ...(threads === undefined ? {} : { threads }),
    },
    settings: applySettings(DEFAULT_SERIES_SETTINGS, pickGiven(env)),
    mlflowTrackingUri: readSetting(env, 'MLFLOW_TRACKING_URI'),
    mlflowTrackingToken: readSetting(env, 'MLFLOW_TRACKING_TOKEN'),
  };
}
