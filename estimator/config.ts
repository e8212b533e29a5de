import type { SeriesSymbol } from '../core/series/symbol.ts';
import { readCommonSettings, readSetting, type CommonSettings, type Environment } from '../service/settings/read.ts';

/** Everything the estimator can be told from outside. */
export interface EstimatorConfig extends CommonSettings {
  readonly port: number;
  /** Symbols to load at start, first one the default; empty: whatever has a champion, that with the oldest first model the default. */
  readonly symbols: readonly SeriesSymbol[];
  readonly bodyLimitBytes: number;
  /** Requests a minute from one address before it is answered 429. */
  readonly rateLimitPerMinute: number;
  /** Believe `X-Forwarded-For`; only behind a proxy that sets it. */
  readonly trustProxy: boolean;
  /** Notifications are the fast way to learn of a promotion; this is how often the database is asked anyway. */
  readonly pollSeconds: number;
  /** The control service, to which the page's acts are passed on. */
  readonly controlUrl: string;
}

/**
 * Reads the estimator's settings. Pure: nothing is opened and nothing is read but the argument.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): EstimatorConfig {
  return {
    ...readCommonSettings(env, 'ESTIMATOR_DATABASE_URL'),
    port: readSetting(env, 'ESTIMATOR_PORT'),
    symbols: readSetting(env, 'SYMBOLS') ?? [],
    bodyLimitBytes: readSetting(env, 'BODY_LIMIT_BYTES'),
    rateLimitPerMinute: readSetting(env, 'RATE_LIMIT_PER_MINUTE'),
    trustProxy: readSetting(env, 'TRUST_PROXY') === 'yes',
    pollSeconds: readSetting(env, 'ESTIMATOR_POLL_SECONDS'),
    controlUrl: readSetting(env, 'CONTROL_URL').replace(/\/+$/, ''),
  };
}
