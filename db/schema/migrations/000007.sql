-- Who works on a series. Whoever takes it gets the next epoch; everything that a run writes checks that its epoch is still the one here, so
-- that a process that was frozen, cut off or merely slow can write nothing once another has taken over. Expiry only decides when that may be.
CREATE SEQUENCE lease_epochs;
CREATE TABLE leases (
  symbol     text PRIMARY KEY,
  epoch      bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  -- With the epoch part of a key, taking a lease waits for writes under the one before (FOR KEY SHARE), and renewing it does not.
  UNIQUE (symbol, epoch)
);

-- Whether nobody works on a series any more: its time is up, or the connection is gone that holds the advisory lock of its epoch.
CREATE FUNCTION is_free(lease leases) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT lease.expires_at <= clock_timestamp() OR NOT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 7316424 AND objid = (lease.epoch & 2147483647)::oid AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
$$;

-- The ledger of runs is their queue as well: one row, one state, one counter of attempts.
ALTER TABLE runs
  -- Under which lease it was last worked on.
  ADD COLUMN epoch bigint,
  -- Not taken up before.
  ADD COLUMN due_at timestamptz NOT NULL DEFAULT now();
DROP SCHEMA IF EXISTS graphile_worker CASCADE;
