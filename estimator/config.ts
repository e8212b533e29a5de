import {
  PORT,
  readChoice,
  readCommonSettings,
  readNumber,
  readText,
  type CommonSettings,
  type Environment,
} from '../service/settings.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Everything the estimator can be told from outside. */
export interface EstimatorConfig extends CommonSettings {
  readonly port: number;
  /** Symbols to load at start, first one the default; empty: whatever has a champion, that with the oldest first model the default. */
  readonly symbols: readonly string[];
  readonly bodyLimitBytes: number;
  /** Requests a minute from one address before it is answered 429. */
  readonly rateLimitPerMinute: number;
  /** Believe `X-Forwarded-For`; only behind a proxy that sets it. */
  readonly trustProxy: boolean;
  /** Notifications are the fast way to learn of a promotion; this is how often the database is asked anyway. */
  readonly pollSeconds: number;
}

/**
 * Reads the estimator's settings. Pure: nothing is opened and nothing is read but the argument.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): EstimatorConfig {
  return {
    ...readCommonSettings(env, 'ESTIMATOR_DATABASE_URL'),
    port: readNumber(env, 'ESTIMATOR_PORT', 5000, PORT),
    symbols: (readText(env, 'SYMBOLS') ?? '')
      .split(',')
      .map((symbol) => symbol.trim())
      .filter((symbol) => symbol !== ''),
    // A thousand windows of 60 prices are 1.2 MB of JSON; a CSV of a century of days is 2 MB.
    bodyLimitBytes: readNumber(env, 'BODY_LIMIT_BYTES', 4 * MEBIBYTE, { least: KIBIBYTE, most: 64 * MEBIBYTE }),
    // Far above any person or honest script; lower it where strangers can reach the port.
    rateLimitPerMinute: readNumber(env, 'RATE_LIMIT_PER_MINUTE', 300_000, { least: 1, most: 10_000_000 }),
    trustProxy: readChoice(env, 'TRUST_PROXY', ['no', 'yes'], 'no') === 'yes',
    pollSeconds: readNumber(env, 'ESTIMATOR_POLL_SECONDS', 1, { least: 1, most: 3600 }),
  };
}
