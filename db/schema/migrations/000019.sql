-- What people look at over time: boards and pages read these, the tables stay free to change.

-- Each one-day forecast as it was issued by the model in service, beside what came of it; `actual` is null until its day has come.
-- `pit` is where the change fell in its distribution (Student-t, brought to a normal by Wallace's approximation, 1959): 0 to 1.
CREATE VIEW forecast_history AS
SELECT f.symbol, f.version, f.as_of, s.day, f.made_at, f.prediction, f.lower, f.upper, f.level, f.naive, s.actual, s.covered,
  s.squared_error, s.naive_squared_error,
  0.5 * (1 + erf(
    CASE WHEN d.dof IS NULL THEN d.x
      ELSE sign(d.x) * (8 * d.dof + 1) / (8 * d.dof + 3) * sqrt(d.dof * ln(1 + d.x * d.x / d.dof)) END / sqrt(2::float8))) AS pit
FROM forecast_scores s JOIN forecasts f ON f.id = s.forecast_id
CROSS JOIN LATERAL (SELECT (f.distribution ->> 'dof')::float8 AS dof,
  (s.change - (f.distribution ->> 'mean')::float8) / nullif((f.distribution ->> 'spread')::float8, 0) AS x) d
WHERE s.in_service AND s.horizon = 1
UNION ALL
SELECT next.symbol, next.version, next.as_of, NULL, next.made_at, next.prediction, next.lower, next.upper, next.level, next.naive,
  NULL, NULL, NULL, NULL, NULL
FROM champions c CROSS JOIN LATERAL (
  SELECT * FROM forecasts f WHERE f.symbol = c.symbol AND f.version = c.version AND f.horizon = 1 ORDER BY f.as_of DESC LIMIT 1
) next
WHERE NOT EXISTS (SELECT FROM forecast_scores s WHERE s.forecast_id = next.id);

-- Each detector of each check, its statistic beside the limit at which it alarms; the losses of the champion are one of them.
CREATE VIEW drift_history AS
SELECT c.id, c.symbol, c.day, c.checked_at, d.detector, d.statistic, d."limit" AS limit_value, c.verdict, c.cause
FROM drift_checks c CROSS JOIN LATERAL (
  SELECT * FROM jsonb_to_recordset(c.detectors) AS told(detector text, statistic float8, "limit" float8)
  UNION ALL
  SELECT 'losses', (c.report -> 'loss' ->> 'peak')::float8, (c.report -> 'loss' ->> 'limit')::float8
) d
WHERE d.statistic IS NOT NULL AND d."limit" IS NOT NULL;

-- Trading days that each feed should have sent by now, by the calendar of the series itself: the last word of the last run.
CREATE VIEW missed_days AS
SELECT s.symbol, CASE word.kind WHEN 'feed:silent' THEN (word.payload ->> 'missed')::integer ELSE 0 END AS days, word.at
FROM series s CROSS JOIN LATERAL (
  SELECT kind, payload, at FROM events WHERE symbol = s.symbol AND kind IN ('feed:silent', 'prices:pulled') ORDER BY id DESC LIMIT 1
) word;

-- Retrains spent of those allowed, at the last decision whether to retrain.
CREATE VIEW retrain_budgets AS
SELECT s.symbol, (last.report ->> 'recentRetrains')::integer AS spent,
  (last.report -> 'settings' -> 'decision' ->> 'budgetRetrains')::integer AS allowed,
  (last.report -> 'settings' -> 'decision' ->> 'budgetDays')::integer AS within_days, last.at
FROM series s CROSS JOIN LATERAL (
  SELECT report, at FROM decisions WHERE symbol = s.symbol AND stage = 'retrain' ORDER BY id DESC LIMIT 1
) last;
CREATE INDEX decisions_symbol_stage_id_idx ON decisions (symbol, stage, id DESC);

-- How many of the newest thousand sealed leaves of the record were looked at, and how many rows are not what was sealed. It reads what the
-- asking login may not, and tells two numbers of it.
CREATE FUNCTION check_newest_leaves(OUT checked integer, OUT broken integer) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT count(*)::integer, (count(*) FILTER (WHERE hash IS DISTINCT FROM leaf_hash(source, key)))::integer
  FROM (SELECT source, key, hash FROM record_leaves WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1000) AS newest
$$;
CREATE VIEW record_check AS SELECT checked, broken FROM check_newest_leaves();

-- What waits and what is under way.
CREATE VIEW run_queue AS
SELECT state.name AS state, count(r.id)::integer AS runs
FROM unnest(ARRAY['queued', 'running']) AS state(name) LEFT JOIN runs r ON r.state = state.name AND r.state IN ('queued', 'running')
GROUP BY state.name;

-- What was put into service when and why.
CREATE VIEW promotion_history AS
SELECT id, symbol, version, previous, kind, reason, by, run_id, at FROM promotions;

-- One row a series: all that says whether someone should look at it.
CREATE VIEW flock AS
SELECT s.symbol, s.source, fresh.last_day, c.version, c.promoted_at, c.validated_at, c.pinned_at IS NOT NULL AS pinned,
  drift.verdict, drift.cause, drift.calibrated_p, drift.threshold, drift.day AS checked_day,
  coalesce(held.bars, 0)::integer AS held_bars, coalesce(missed.days, 0) AS missed_days,
  coalesce(quality.scored, 0)::integer AS scored, quality.skill, quality.coverage,
  budget.spent, budget.allowed, run.state AS run_state, run.outcome, run.reason, run.sentence, run.ended_at
FROM series s
LEFT JOIN champions c USING (symbol)
LEFT JOIN data_freshness fresh USING (symbol)
LEFT JOIN latest_drift_checks drift USING (symbol)
LEFT JOIN (SELECT symbol, sum(bars) AS bars FROM held_bars GROUP BY symbol) held USING (symbol)
LEFT JOIN missed_days missed USING (symbol)
LEFT JOIN retrain_budgets budget USING (symbol)
LEFT JOIN LATERAL (
  SELECT count(*) AS scored, avg(covered::integer)::float8 AS coverage,
    1 - sum(squared_error) / nullif(sum(naive_squared_error), 0) AS skill
  FROM (SELECT * FROM forecast_scores f WHERE f.symbol = s.symbol AND f.horizon = 1 AND f.in_service ORDER BY day DESC LIMIT 60) recent
) quality ON true
LEFT JOIN LATERAL (SELECT state, outcome, reason, sentence, ended_at FROM runs r WHERE r.symbol = s.symbol ORDER BY id DESC LIMIT 1) run ON true;
