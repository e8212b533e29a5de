/**
 * Every SQL statement of the boards, as the login `shepherd_metrics` may ask it: views alone. Times are those at which something became
 * known (a forecast issued, a check made), so that the sample, whose trading days lie in 2020, is drawn while it plays.
 */

const MINE = 'symbol = ${symbol:sqlstring}';
const SEEN = `${MINE} AND $__timeFilter(made_at)`;
/** The 90 % interval of a mean of independent days. */
const Z = 1.645;
const LAST_60 = 'OVER (ORDER BY day ROWS 59 PRECEDING)';

export const STATEMENTS = {
  flock: `SELECT symbol AS "series",
  concat_ws(', ', CASE WHEN outcome = 'failed' THEN 'last run failed' END, CASE WHEN missed_days > 0 THEN 'feed silent' END,
    CASE WHEN held_bars > 0 THEN 'bars held back' END, CASE WHEN verdict = 'drifted' THEN 'drifted in ' || cause END,
    CASE WHEN scored >= 60 AND coverage < 0.8 THEN 'band too narrow' END, CASE WHEN scored >= 60 AND skill < -0.05 THEN 'worse than naive' END,
    CASE WHEN spent >= allowed THEN 'budget spent' END, CASE WHEN version IS NULL THEN 'no model' END) AS "needs a look",
  last_day::text AS "last day", missed_days AS "missed", held_bars AS "held", verdict AS "drift", calibrated_p AS "p", threshold AS "limit",
  skill, coverage, version, extract(epoch FROM validated_at) * 1000 AS "validated", spent || ' of ' || allowed AS "retrains", sentence AS "last run"
FROM flock
ORDER BY (outcome = 'failed') DESC NULLS LAST, missed_days DESC, held_bars DESC, (verdict = 'drifted') DESC NULLS LAST, coverage NULLS LAST, skill NULLS LAST
LIMIT 500`,
  latestRuns: `SELECT at AS "time", symbol AS "series", kind AS "what", sentence AS "in words" FROM timeline
WHERE $__timeFilter(at) AND kind IN ('run:failed', 'run:overtaken', 'champion:promoted', 'champion:rolled-back', 'feed:fault', 'feed:silent',
  'run:finished') ORDER BY id DESC LIMIT 100`,
  glance: `SELECT last_day::text AS "last day", missed_days AS "missed days", version AS "model", verdict AS "drift",
  skill, coverage, held_bars AS "bars held", spent || ' of ' || allowed AS "retrains", sentence AS "last run" FROM flock WHERE ${MINE}`,
  forecasts: `SELECT made_at AS "time", actual AS "actual", prediction AS "forecast", lower AS "lower", upper AS "upper"
FROM forecast_history WHERE ${SEEN} ORDER BY made_at`,
  skill: `SELECT made_at AS "time", mean / scale AS "skill", (mean - ${Z} * deviation / sqrt(days)) / scale AS "lower",
  (mean + ${Z} * deviation / sqrt(days)) / scale AS "upper"
FROM (SELECT symbol, made_at, avg(naive_squared_error - squared_error) ${LAST_60} AS mean,
  stddev_samp(naive_squared_error - squared_error) ${LAST_60} AS deviation, nullif(avg(naive_squared_error) ${LAST_60}, 0) AS scale,
  count(*) ${LAST_60} AS days FROM forecast_history WHERE ${MINE} AND actual IS NOT NULL) rolled
WHERE days >= 20 AND $__timeFilter(made_at) ORDER BY made_at`,
  coverage: `SELECT made_at AS "time", held AS "coverage",
  (held + ${Z} ^ 2 / (2 * days) - ${Z} * sqrt(held * (1 - held) / days + ${Z} ^ 2 / (4 * days ^ 2))) / (1 + ${Z} ^ 2 / days) AS "lower",
  (held + ${Z} ^ 2 / (2 * days) + ${Z} * sqrt(held * (1 - held) / days + ${Z} ^ 2 / (4 * days ^ 2))) / (1 + ${Z} ^ 2 / days) AS "upper"
FROM (SELECT made_at, (avg(covered::integer) ${LAST_60})::float8 AS held, count(*) ${LAST_60} AS days
  FROM forecast_history WHERE ${MINE} AND actual IS NOT NULL) rolled
WHERE days >= 20 AND $__timeFilter(made_at) ORDER BY made_at`,
  ks: `SELECT checked_at AS "time", statistic AS "KS distance", limit_value AS "limit" FROM drift_history
WHERE ${MINE} AND detector = 'ks' AND $__timeFilter(checked_at) ORDER BY id`,
  detectors: `SELECT checked_at AS "time", detector AS metric, statistic / nullif(limit_value, 0) AS "of its limit" FROM drift_history
WHERE ${MINE} AND $__timeFilter(checked_at) ORDER BY id`,
  checks: `SELECT checked_at AS "time", day::text AS "day", detector, statistic, limit_value AS "limit", verdict, cause
FROM drift_history WHERE ${MINE} AND $__timeFilter(checked_at) ORDER BY id DESC LIMIT 100`,
  pit: `SELECT pit AS "PIT" FROM forecast_history WHERE ${MINE} AND pit IS NOT NULL ORDER BY made_at DESC LIMIT 250`,
  versions: `SELECT at AS "since", version, previous, kind, reason, by FROM promotion_history WHERE ${MINE} ORDER BY id DESC LIMIT 50`,
  story: `SELECT at AS "time", kind AS "what", sentence AS "in words" FROM timeline WHERE ${MINE} AND $__timeFilter(at) ORDER BY id DESC LIMIT 200`,
} as const;

export type StatementName = keyof typeof STATEMENTS;

const mark = (kinds: string): string =>
  `SELECT at AS time, sentence AS text, kind AS tags FROM timeline
WHERE ${MINE} AND $__timeFilter(at) AND ${kinds} ORDER BY id DESC LIMIT 200`;

/** What is marked on every drawing of a series: each mark carries the sentence of the record. */
export const MARKS = {
  Promotions: mark("kind IN ('champion:promoted', 'champion:rolled-back')"),
  Retrains: mark("kind = 'retrain:decided' AND payload ->> 'kind' IN ('train', 'retrain')"),
  Alarms: mark(
    "kind = 'drift:checked' AND (payload -> 'drift' ->> 'verdict' = 'drifted' OR payload -> 'watch' ->> 'verdict' = 'drifted' OR payload -> 'loss' ->> 'verdict' = 'decayed')",
  ),
  Refusals: mark("kind = 'gate:judged' AND payload ->> 'verdict' <> 'promote'"),
  'Feed faults': mark("kind IN ('feed:fault', 'feed:silent')"),
} as const;
