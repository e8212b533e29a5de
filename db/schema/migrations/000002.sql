-- The audit record: every event once, in order, each carrying the hash of the one before it.

CREATE TABLE events (
  id            bigint PRIMARY KEY,
  at            timestamptz NOT NULL,
  run_id        bigint,
  symbol        text,
  kind          text NOT NULL,
  payload       jsonb NOT NULL,
  sentence      text NOT NULL,
  previous_hash bytea NOT NULL,
  hash          bytea NOT NULL
);
CREATE INDEX ON events (symbol, id DESC);
CREATE INDEX ON events (run_id);

-- The hashed text is fixed here alone; `verify` calls the same function.
CREATE FUNCTION event_hash(e events) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(e.previous_hash || convert_to(jsonb_build_array(
    e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.run_id, e.symbol, e.kind, e.payload, e.sentence
  )::text, 'UTF8'))
$$;

-- Appends are serialised by one transaction-level lock, so ids have no gaps and the chain no forks.
CREATE FUNCTION chain_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last events;
BEGIN
  PERFORM pg_advisory_xact_lock(7316423);
  SELECT * INTO last FROM events ORDER BY id DESC LIMIT 1;
  NEW.id := coalesce(last.id, 0) + 1;
  NEW.at := clock_timestamp();
  NEW.previous_hash := coalesce(last.hash, '\x00'::bytea);
  NEW.hash := '\x'::bytea;
  NEW.hash := event_hash(NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION chain_event();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
