ALTER TABLE champions
  -- Counts every change of the champion: a verdict is carried out only against the one it was given on, also when the same model has gone and
  -- come back in between.
  ADD COLUMN epoch bigint NOT NULL DEFAULT 1,
  -- A person has pinned it: nothing replaces it until it is released.
  ADD COLUMN pinned_at timestamptz,
  ADD COLUMN pin_reason text,
  ADD CHECK ((pinned_at IS NULL) = (pin_reason IS NULL));
