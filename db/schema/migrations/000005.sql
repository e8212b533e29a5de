-- What became of a bar that was held back: nothing yet (null), or how and why it left the quarantine.
ALTER TABLE feed_faults
  ADD COLUMN resolution text CHECK (resolution IN ('accepted', 'rejected', 'released', 'corrected')),
  ADD COLUMN resolved_at timestamptz,
  ADD COLUMN reason text,
  -- First day of the finding: bars held back for one jump of the level belong together.
  ADD COLUMN since date;
UPDATE feed_faults SET since = coalesce((evidence ->> 'day')::date, day);
ALTER TABLE feed_faults ALTER COLUMN since SET NOT NULL,
  ADD CHECK ((resolution IS NULL) = (resolved_at IS NULL));
-- Bars whose day has arrived right since were never told apart from those still held.
UPDATE feed_faults AS f SET resolution = 'corrected', resolved_at = now()
  WHERE bar IS NOT NULL AND EXISTS (SELECT FROM prices AS p WHERE p.symbol = f.symbol AND p.day = f.day);
CREATE INDEX feed_faults_held ON feed_faults (symbol, since) WHERE resolution IS NULL AND bar IS NOT NULL;

CREATE VIEW held_bars AS
  SELECT s.symbol, kind.name AS kind, count(f.id)::int AS bars, min(f.day) AS first_day
  FROM series AS s
  CROSS JOIN unnest(ARRAY['invalid-price', 'split-unadjusted', 'unit-error', 'repeated-tick', 'swapped-date']) AS kind(name)
  LEFT JOIN feed_faults AS f ON f.symbol = s.symbol AND f.kind = kind.name AND f.resolution IS NULL AND f.bar IS NOT NULL
  GROUP BY s.symbol, kind.name;
