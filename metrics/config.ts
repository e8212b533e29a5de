import { PORT, readLogFormat, readNumber, readText, type Environment } from '../service/environment.ts';

export interface MetricsConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absent: the caller of `startMetrics` says which database. */
  readonly databaseUrl: string | undefined;
  readonly logFormat: 'text' | 'json';
}

/**
 * Reads and checks the settings of the metrics service; empty values count as unset.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): MetricsConfig {
  return {
    host: readText(env, 'HOST') ?? '127.0.0.1',
    port: readNumber(env, 'METRICS_PORT', 9464, PORT),
    databaseUrl: readText(env, 'METRICS_DATABASE_URL') ?? readText(env, 'DATABASE_URL'),
    logFormat: readLogFormat(env),
  };
}
