-- Who may do what, applied after every migration.
--   shepherd_writer     runs the pipeline: reads everything and writes, but never changes what was recorded
--   shepherd_estimator  answers callers: reads what an answer needs, appends predictions
--   shepherd_metrics    reads views
-- A role made here cannot log in; the launcher of the embedded server and db/init/ give each its password.

DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['shepherd_writer', 'shepherd_estimator', 'shepherd_metrics'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I', role);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of the cluster was first
      END;
    END IF;
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO shepherd_writer, shepherd_estimator, shepherd_metrics', current_database());
END $$;

-- Start from nothing, so that a grant removed below is gone after the next migration as well.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, shepherd_writer, shepherd_estimator, shepherd_metrics;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, shepherd_writer, shepherd_estimator, shepherd_metrics;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO shepherd_writer, shepherd_estimator, shepherd_metrics;

-- Nothing is ever deleted, and only what has a present state is ever updated.
GRANT SELECT, INSERT ON series, prices, price_revisions, feed_faults, runs, models, snapshots, champions, promotions, drift_checks,
  decisions, forecasts, forecast_scores, predictions, trials, events TO shepherd_writer;
GRANT SELECT, INSERT ON table_batches, table_models, table_promotions TO shepherd_writer;
GRANT UPDATE ON series, prices, runs, champions, predictions, trials TO shepherd_writer;
GRANT UPDATE (resolution, resolved_at, reason) ON feed_faults TO shepherd_writer;
GRANT SELECT, INSERT, UPDATE (position, hash) ON record_leaves TO shepherd_writer;
GRANT SELECT, INSERT ON checkpoints TO shepherd_writer;
GRANT SELECT, INSERT, UPDATE (attempts, due_at, delivered_at) ON outbox TO shepherd_writer;
GRANT SELECT ON incarnations TO shepherd_writer, shepherd_estimator;
GRANT USAGE ON SEQUENCE event_ids TO shepherd_writer;
GRANT EXECUTE ON FUNCTION event_text(events), leaf_text(text, text), leaf_hash(text, text), leaf_at(text, text), instant_text(timestamptz) TO shepherd_writer;
GRANT SELECT, INSERT, UPDATE ON leases TO shepherd_writer;
GRANT SELECT, INSERT, UPDATE (status, answer) ON control_requests TO shepherd_writer;
GRANT USAGE ON SEQUENCE lease_epochs TO shepherd_writer;
GRANT EXECUTE ON FUNCTION is_free(leases) TO shepherd_writer;
GRANT SELECT ON series, prices, models, champions, promotions, forecasts, forecast_scores TO shepherd_estimator;
GRANT SELECT ON table_models, table_promotions TO shepherd_estimator;
GRANT INSERT ON predictions TO shepherd_estimator;

-- A view's tables are read with its owner's rights, but its functions run with the reader's.
GRANT EXECUTE ON FUNCTION latency_buckets() TO shepherd_writer, shepherd_estimator, shepherd_metrics;
GRANT EXECUTE ON FUNCTION check_newest_leaves() TO shepherd_writer, shepherd_estimator, shepherd_metrics;
-- Views are the public face of the tables: the exporter and the pages read them, the tables stay free to change.
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT viewname FROM pg_views WHERE schemaname = 'public' LOOP
    EXECUTE format('GRANT SELECT ON %I TO shepherd_writer, shepherd_estimator, shepherd_metrics', name);
  END LOOP;
END $$;
