-- Who acted, and the hashed text of an event by itself, so that an exported record can be checked without a database.
ALTER TABLE promotions ADD COLUMN by text;

CREATE FUNCTION event_text(e events) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(
    e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.run_id, e.symbol, e.kind, e.payload, e.sentence
  )::text
$$;

CREATE OR REPLACE FUNCTION event_hash(e events) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(e.previous_hash || convert_to(event_text(e), 'UTF8'))
$$;
