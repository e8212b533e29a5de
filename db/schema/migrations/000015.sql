-- Every detector of a check with its statistic and its limit, so that what decides can be drawn.
ALTER TABLE drift_checks ADD COLUMN detectors jsonb NOT NULL DEFAULT '[]';

CREATE OR REPLACE VIEW latest_drift_checks AS
  SELECT latest.* FROM series AS s
  CROSS JOIN LATERAL (
    SELECT symbol, day, statistic, raw_p, calibrated_p, threshold, verdict, cause, checked_at, detectors
    FROM drift_checks WHERE symbol = s.symbol ORDER BY id DESC LIMIT 1
  ) AS latest;
