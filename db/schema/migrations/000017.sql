-- ends builds before 000017
-- Events are appended freely and sealed in batches: leaves of a Merkle tree (RFC 6962) over what must never change, its head signed.

-- What the chain of hashes said so far becomes an event of its own, and so a leaf; the texts that it was made of stay as they are.
CREATE TEMPORARY TABLE closed_chain ON COMMIT DROP AS
  SELECT count(*) AS events, (SELECT encode(hash, 'hex') FROM events ORDER BY id DESC LIMIT 1) AS head,
    coalesce(bool_and(linked AND counted AND unaltered), true) AS intact
  FROM (
    SELECT e.previous_hash = lag(e.hash, 1, '\x00'::bytea) OVER before AS linked, e.id = 1 + lag(e.id, 1, 0::bigint) OVER before AS counted,
      e.hash = event_hash(e) AS unaltered
    FROM events AS e WINDOW before AS (ORDER BY e.id)
  ) AS chain;

DROP TRIGGER chain ON events;
DROP FUNCTION chain_event();
DROP FUNCTION event_hash(events);
ALTER TABLE events DROP COLUMN previous_hash, DROP COLUMN hash;
CREATE SEQUENCE event_ids OWNED BY events.id;
SELECT setval('event_ids', coalesce(max(id), 0) + 1, false) FROM events;

-- Order and time are the database's, whatever an insert says.
CREATE FUNCTION number_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.id := nextval('event_ids');
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER number_event BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION number_event();

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME;
END $$;

-- Which restoration of the database this is: version numbers and ids mean the same only within one.
CREATE TABLE incarnations (
  number   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id       uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  reason   text NOT NULL,
  began_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO incarnations (reason) VALUES ('made');

-- A row for each thing that is to be sealed, made with it; its place in the tree comes with the batch that seals it.
CREATE TABLE record_leaves (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source   text NOT NULL CHECK (source IN ('event', 'promotion', 'decision', 'model', 'snapshot')),
  key      text NOT NULL,
  position bigint UNIQUE,
  hash     bytea,
  UNIQUE (source, key),
  CHECK ((position IS NULL) = (hash IS NULL))
);
CREATE INDEX record_leaves_unsealed ON record_leaves (id) WHERE position IS NULL;
CREATE TRIGGER append_only BEFORE UPDATE ON record_leaves FOR EACH ROW WHEN (OLD.position IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_removal BEFORE DELETE ON record_leaves FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The signed heads of the tree. `frontier`: the roots of its complete subtrees, largest first, from which it grows.
CREATE TABLE checkpoints (
  size     bigint PRIMARY KEY,
  frontier bytea NOT NULL,
  note     text NOT NULL
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION instant_text(instant timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
$$;

-- All that a judgement was made from, so that it can be made again.
ALTER TABLE decisions ADD COLUMN question jsonb;

-- The sealed text, fixed here alone: a JSON array. NULL where the row is gone. Weights and closes stand in it by their digest, so that they
-- may be pruned.
CREATE FUNCTION leaf_text(source text, key text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE source
    WHEN 'event' THEN (SELECT event_text(e) FROM events AS e WHERE e.id = key::bigint)
    WHEN 'promotion' THEN (SELECT jsonb_build_array('promotion', p.id, instant_text(p.at), p.run_id, p.symbol, p.version, p.previous, p.kind,
      p.reason, p.by, p.validated_to, p.promoted_on, p.evidence, p.reference, p.band)::text FROM promotions AS p WHERE p.id = key::bigint)
    WHEN 'decision' THEN (SELECT jsonb_build_array('decision', d.id, instant_text(d.at), d.run_id, d.symbol, d.day, d.stage, d.verdict,
      d.reason, d.sentence, d.report, d.question)::text FROM decisions AS d WHERE d.id = key::bigint)
    WHEN 'model' THEN (SELECT jsonb_build_array('model', m.version, instant_text(m.created_at), m.run_id, m.symbol, m.arm, m.parent, m.sha256,
      m.data_digest, m.trained_from, m.trained_to, m.seed, m.spec, m.scale, m.training, m.calibration, m.holdout)::text
      FROM models AS m WHERE m.version = key::integer)
    WHEN 'snapshot' THEN (SELECT jsonb_build_array('snapshot', s.data_digest)::text FROM snapshots AS s WHERE s.data_digest = key)
  END
$$;

-- RFC 6962: the hash of a leaf is that of a zero byte and its text.
CREATE FUNCTION leaf_hash(source text, key text) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256('\x00'::bytea || convert_to(leaf_text(source, key), 'UTF8'))
$$;

-- When the row says that it was made; NULL for a snapshot, which bears no time.
CREATE FUNCTION leaf_at(source text, key text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE source
    WHEN 'event' THEN (SELECT at FROM events WHERE id = key::bigint)
    WHEN 'promotion' THEN (SELECT at FROM promotions WHERE id = key::bigint)
    WHEN 'decision' THEN (SELECT at FROM decisions WHERE id = key::bigint)
    WHEN 'model' THEN (SELECT created_at FROM models WHERE version = key::integer)
  END
$$;

CREATE FUNCTION enter_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE key text;
BEGIN
  EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) USING NEW INTO key;
  INSERT INTO record_leaves (source, key) VALUES (TG_ARGV[0], key);
  RETURN NULL;
END $$;
CREATE TRIGGER enter_record AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION enter_record('event', 'id');
CREATE TRIGGER enter_record AFTER INSERT ON promotions FOR EACH ROW EXECUTE FUNCTION enter_record('promotion', 'id');
CREATE TRIGGER enter_record AFTER INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION enter_record('decision', 'id');
CREATE TRIGGER enter_record AFTER INSERT ON models FOR EACH ROW EXECUTE FUNCTION enter_record('model', 'version');
CREATE TRIGGER enter_record AFTER INSERT ON snapshots FOR EACH ROW EXECUTE FUNCTION enter_record('snapshot', 'data_digest');

INSERT INTO record_leaves (source, key)
SELECT source, key FROM (
  SELECT 'event' AS source, id::text AS key, at, id FROM events
  UNION ALL SELECT 'promotion', id::text, at, id FROM promotions
  UNION ALL SELECT 'decision', id::text, at, id FROM decisions
  UNION ALL SELECT 'model', version::text, created_at, version FROM models
  UNION ALL SELECT 'snapshot', data_digest, '-infinity', 0 FROM snapshots
) AS kept ORDER BY at, source, id;

INSERT INTO events (kind, payload, sentence)
SELECT 'chain:closed', jsonb_build_object('events', events, 'head', head, 'intact', intact),
  format('The chain of hashes ended with %s events, %s, at %s; from here on the record is sealed as a tree.', events,
    CASE WHEN intact THEN 'whole' ELSE 'not whole' END, head)
FROM closed_chain WHERE events > 0;

-- An audit asks for the last change of champion before a moment, and for the last events before it.
CREATE INDEX events_champion ON events (symbol, id DESC) WHERE kind IN ('champion:promoted', 'champion:rolled-back');
CREATE INDEX ON events (at DESC, id DESC);
CREATE INDEX ON events (symbol, at DESC, id DESC);
CREATE INDEX ON promotions (symbol, at DESC, id DESC);
