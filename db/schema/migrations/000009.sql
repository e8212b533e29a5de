-- Of which series a run was, and never a total without a reason: a kind not met yet stands at 0 under one of its reasons,
-- so that the first of a kind is seen as a rise.
DROP VIEW run_totals;
CREATE VIEW run_totals AS
  WITH ended AS (
    SELECT symbol, outcome, reason, count(*) AS runs FROM runs WHERE ended_at IS NOT NULL GROUP BY symbol, outcome, reason
  )
  SELECT symbol, outcome, reason, runs FROM ended
  UNION ALL
  SELECT s.symbol, known.outcome, known.reason, 0
  FROM series AS s
  CROSS JOIN (VALUES
    ('promoted', 'no-champion'), ('revalidated', 'stale'), ('kept', 'fresh'), ('undetermined', 'drift-unknown'), ('overtaken', 'champion-changed'),
    ('skipped', 'superseded'),
    ('failed', 'FAULT')
  ) AS known(outcome, reason)
  WHERE NOT EXISTS (SELECT FROM ended AS e WHERE e.symbol = s.symbol AND e.outcome = known.outcome AND e.reason = known.reason);
