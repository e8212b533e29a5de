import { ShepherdError } from '../core/errors.ts';

export interface MetricsConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absent: the caller of `startMetrics` says which database. */
  readonly databaseUrl: string | undefined;
  readonly logFormat: 'text' | 'json';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the settings of the metrics service; empty values count as unset.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): MetricsConfig {
  return {
    host: text(env, 'HOST') ?? '127.0.0.1',
    port: port(env, 'METRICS_PORT', 9464),
    databaseUrl: text(env, 'METRICS_DATABASE_URL') ?? text(env, 'DATABASE_URL'),
    logFormat: logFormat(env),
  };
}

function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function port(env: Environment, name: string, fallback: number): number {
  const given = text(env, name);
  if (given === undefined) return fallback;
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= 0 && value <= 65_535) return value;
  throw new ShepherdError('INVALID_CONFIG', `${name} is "${given}"; expected a port, 0 to 65535.`);
}

function logFormat(env: Environment): 'text' | 'json' {
  const given = text(env, 'LOG_FORMAT') ?? 'text';
  if (given === 'text' || given === 'json') return given;
  throw new ShepherdError('INVALID_CONFIG', `LOG_FORMAT is "${given}"; expected text or json.`);
}
