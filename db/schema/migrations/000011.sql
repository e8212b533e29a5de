-- A jump within a held level is a finding of its own, with rows of its own; and what was settled may be found again.
ALTER TABLE feed_faults DROP CONSTRAINT feed_faults_symbol_day_kind_key;
CREATE UNIQUE INDEX feed_faults_waiting ON feed_faults (symbol, day, kind, since) WHERE resolution IS NULL;

-- A changed unit was noted without its bars; the next pull holds them.
UPDATE feed_faults SET resolution = 'corrected', resolved_at = now(), reason = 'held again with its bars'
  WHERE kind = 'unit-changed' AND resolution IS NULL AND bar IS NULL;

CREATE OR REPLACE VIEW held_bars AS
  SELECT s.symbol, kind.name AS kind, count(DISTINCT f.day)::int AS bars, min(f.day) AS first_day
  FROM series AS s
  CROSS JOIN unnest(ARRAY['invalid-price', 'split-unadjusted', 'unit-error', 'unit-changed', 'repeated-tick', 'swapped-date']) AS kind(name)
  LEFT JOIN feed_faults AS f ON f.symbol = s.symbol AND f.kind = kind.name AND f.resolution IS NULL AND f.bar IS NOT NULL
  GROUP BY s.symbol, kind.name;
