-- Tables

TABLE champions (
  symbol text NOT NULL,
  version integer NOT NULL,
  promoted_at timestamp with time zone NOT NULL,
  validated_to date NOT NULL,
  validated_at timestamp with time zone NOT NULL,
  evidence jsonb NOT NULL DEFAULT '{}'::jsonb,
  reference jsonb NOT NULL,
  band jsonb NOT NULL,
  promoted_on date NOT NULL,
  epoch bigint NOT NULL DEFAULT 1,
  pinned_at timestamp with time zone,
  pin_reason text
);
TABLE checkpoints (
  size bigint NOT NULL,
  frontier bytea NOT NULL,
  note text NOT NULL
);
TABLE control_requests (
  key text NOT NULL,
  digest text NOT NULL,
  began_at timestamp with time zone NOT NULL DEFAULT now(),
  status integer,
  answer text
);
TABLE decisions (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  run_id bigint,
  symbol text NOT NULL,
  day date NOT NULL,
  stage text NOT NULL,
  verdict text NOT NULL,
  reason text NOT NULL,
  sentence text NOT NULL,
  report jsonb NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT now(),
  question jsonb
);
TABLE drift_checks (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  run_id bigint,
  symbol text NOT NULL,
  day date NOT NULL,
  statistic double precision,
  raw_p double precision,
  calibrated_p double precision,
  threshold double precision,
  verdict text NOT NULL,
  cause text,
  report jsonb NOT NULL,
  checked_at timestamp with time zone NOT NULL DEFAULT now(),
  detectors jsonb NOT NULL DEFAULT '[]'::jsonb
);
TABLE events (
  id bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  run_id bigint,
  symbol text,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  sentence text NOT NULL
);
TABLE feed_faults (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  symbol text NOT NULL,
  day date NOT NULL,
  kind text NOT NULL,
  sentence text NOT NULL,
  bar jsonb,
  evidence jsonb NOT NULL,
  found_at timestamp with time zone NOT NULL DEFAULT now(),
  resolution text,
  resolved_at timestamp with time zone,
  reason text,
  since date NOT NULL
);
TABLE forecast_scores (
  forecast_id bigint NOT NULL,
  symbol text NOT NULL,
  version integer NOT NULL,
  horizon integer NOT NULL,
  day date NOT NULL,
  actual double precision NOT NULL,
  squared_error double precision NOT NULL,
  absolute_error double precision NOT NULL,
  absolute_percentage_error double precision,
  crps double precision NOT NULL,
  naive_squared_error double precision NOT NULL,
  naive_crps double precision NOT NULL,
  covered boolean NOT NULL,
  volatility double precision NOT NULL,
  change double precision NOT NULL,
  change_error double precision NOT NULL,
  in_service boolean NOT NULL
);
TABLE forecasts (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  symbol text NOT NULL,
  version integer NOT NULL,
  as_of date NOT NULL,
  horizon integer NOT NULL,
  prediction double precision NOT NULL,
  lower double precision NOT NULL,
  upper double precision NOT NULL,
  level double precision NOT NULL,
  naive double precision NOT NULL,
  naive_spread double precision NOT NULL,
  distribution jsonb NOT NULL,
  made_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE incarnations (
  number integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  reason text NOT NULL,
  began_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE leases (
  symbol text NOT NULL,
  epoch bigint NOT NULL,
  expires_at timestamp with time zone NOT NULL
);
TABLE models (
  version integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  symbol text NOT NULL,
  run_id bigint,
  arm text NOT NULL,
  parent integer,
  spec jsonb NOT NULL,
  scale jsonb NOT NULL,
  seed bigint NOT NULL,
  topology text NOT NULL,
  weights bytea NOT NULL,
  sha256 text NOT NULL,
  trained_from date NOT NULL,
  trained_to date NOT NULL,
  data_digest text NOT NULL,
  training jsonb NOT NULL,
  calibration jsonb NOT NULL,
  holdout jsonb NOT NULL,
  golden jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE outbox (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  receiver text NOT NULL,
  key uuid NOT NULL DEFAULT gen_random_uuid(),
  message jsonb NOT NULL,
  made_at timestamp with time zone NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamp with time zone NOT NULL DEFAULT now(),
  delivered_at timestamp with time zone
);
TABLE prediction_latency (
  symbol text NOT NULL,
  le double precision NOT NULL,
  answers bigint NOT NULL,
  seconds double precision NOT NULL
);
TABLE predictions (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL DEFAULT now(),
  symbol text NOT NULL,
  version integer NOT NULL,
  form text NOT NULL,
  as_of date,
  horizon integer NOT NULL DEFAULT 1,
  prediction double precision NOT NULL,
  lower double precision NOT NULL,
  upper double precision NOT NULL,
  naive double precision NOT NULL,
  seconds double precision,
  day date,
  actual double precision
);
TABLE price_revisions (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  symbol text NOT NULL,
  day date NOT NULL,
  old_close double precision NOT NULL,
  new_close double precision NOT NULL,
  old_row jsonb NOT NULL,
  revised_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE prices (
  symbol text NOT NULL,
  day date NOT NULL,
  close double precision NOT NULL,
  open double precision,
  high double precision,
  low double precision,
  adjusted_close double precision,
  volume double precision,
  stored_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE promotions (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  symbol text NOT NULL,
  version integer NOT NULL,
  previous integer,
  kind text NOT NULL,
  reason text NOT NULL,
  run_id bigint,
  validated_to date NOT NULL,
  evidence jsonb NOT NULL,
  reference jsonb NOT NULL,
  band jsonb NOT NULL,
  promoted_on date NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT now(),
  by text
);
TABLE record_leaves (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  source text NOT NULL,
  key text NOT NULL,
  position bigint,
  hash bytea
);
TABLE runs (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  symbol text NOT NULL,
  slot text NOT NULL,
  trigger text NOT NULL,
  request jsonb NOT NULL DEFAULT '{}'::jsonb,
  state text NOT NULL DEFAULT 'queued'::text,
  attempts integer NOT NULL DEFAULT 0,
  queued_at timestamp with time zone NOT NULL DEFAULT now(),
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  outcome text,
  reason text,
  sentence text,
  progress jsonb NOT NULL DEFAULT '{}'::jsonb,
  epoch bigint,
  due_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE schema_migrations (
  number integer NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  oldest_build integer NOT NULL DEFAULT 0
);
TABLE series (
  symbol text NOT NULL,
  source text NOT NULL,
  transform text NOT NULL DEFAULT 'log-return'::text,
  time_zone text NOT NULL DEFAULT 'UTC'::text,
  model jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  settings jsonb NOT NULL DEFAULT '{}'::jsonb,
  price_column text
);
TABLE snapshots (
  data_digest text NOT NULL,
  days date[] NOT NULL,
  closes double precision[] NOT NULL
);
TABLE table_batches (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  header jsonb NOT NULL,
  rows jsonb NOT NULL,
  drift jsonb,
  received_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE table_models (
  version bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  batch bigint NOT NULL,
  type text NOT NULL,
  target text NOT NULL,
  artifact text NOT NULL,
  sha256 text NOT NULL,
  held_out jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE table_promotions (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  version bigint NOT NULL,
  kind text NOT NULL,
  reason text NOT NULL,
  promoted_at timestamp with time zone NOT NULL DEFAULT now()
);
TABLE trials (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  search text NOT NULL,
  symbol text NOT NULL,
  number integer NOT NULL,
  rung integer NOT NULL,
  spec jsonb NOT NULL,
  score double precision,
  detail jsonb NOT NULL DEFAULT '{}'::jsonb,
  ended_at timestamp with time zone NOT NULL DEFAULT now()
);

-- Constraints

ON champions: champions_check CHECK (((pinned_at IS NULL) = (pin_reason IS NULL)));
ON champions: champions_pkey PRIMARY KEY (symbol);
ON champions: champions_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON champions: champions_symbol_version_fkey FOREIGN KEY (symbol, version) REFERENCES models(symbol, version);
ON checkpoints: checkpoints_pkey PRIMARY KEY (size);
ON control_requests: control_requests_check CHECK (((status IS NULL) = (answer IS NULL)));
ON control_requests: control_requests_key_check CHECK ((length(key) <= 200));
ON control_requests: control_requests_pkey PRIMARY KEY (key);
ON decisions: decisions_pkey PRIMARY KEY (id);
ON decisions: decisions_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ON decisions: decisions_stage_check CHECK ((stage = ANY (ARRAY['retrain'::text, 'gate'::text])));
ON decisions: decisions_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON drift_checks: drift_checks_pkey PRIMARY KEY (id);
ON drift_checks: drift_checks_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ON drift_checks: drift_checks_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON drift_checks: drift_checks_verdict_check CHECK ((verdict = ANY (ARRAY['stable'::text, 'drifted'::text, 'undetermined'::text])));
ON events: events_pkey PRIMARY KEY (id);
ON feed_faults: feed_faults_check CHECK (((resolution IS NULL) = (resolved_at IS NULL)));
ON feed_faults: feed_faults_pkey PRIMARY KEY (id);
ON feed_faults: feed_faults_resolution_check CHECK ((resolution = ANY (ARRAY['accepted'::text, 'rejected'::text, 'released'::text, 'corrected'::text])));
ON feed_faults: feed_faults_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON forecast_scores: forecast_scores_forecast_id_fkey FOREIGN KEY (forecast_id) REFERENCES forecasts(id);
ON forecast_scores: forecast_scores_pkey PRIMARY KEY (forecast_id);
ON forecasts: forecasts_horizon_check CHECK ((horizon > 0));
ON forecasts: forecasts_pkey PRIMARY KEY (id);
ON forecasts: forecasts_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON forecasts: forecasts_symbol_version_as_of_horizon_key UNIQUE (symbol, version, as_of, horizon);
ON forecasts: forecasts_symbol_version_fkey FOREIGN KEY (symbol, version) REFERENCES models(symbol, version);
ON incarnations: incarnations_id_key UNIQUE (id);
ON incarnations: incarnations_pkey PRIMARY KEY (number);
ON leases: leases_pkey PRIMARY KEY (symbol);
ON leases: leases_symbol_epoch_key UNIQUE (symbol, epoch);
ON models: models_arm_check CHECK ((arm = ANY (ARRAY['from-scratch'::text, 'fine-tuned'::text, 'imported'::text])));
ON models: models_parent_fkey FOREIGN KEY (parent) REFERENCES models(version);
ON models: models_pkey PRIMARY KEY (version);
ON models: models_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ON models: models_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON models: models_symbol_version_key UNIQUE (symbol, version);
ON outbox: outbox_key_key UNIQUE (key);
ON outbox: outbox_pkey PRIMARY KEY (id);
ON prediction_latency: prediction_latency_pkey PRIMARY KEY (symbol, le);
ON predictions: predictions_form_check CHECK ((form = ANY (ARRAY['window'::text, 'symbol'::text, 'date'::text, 'range'::text, 'batch'::text, 'csv'::text])));
ON predictions: predictions_pkey PRIMARY KEY (id);
ON predictions: predictions_seconds_check CHECK ((seconds >= (0)::double precision));
ON price_revisions: price_revisions_pkey PRIMARY KEY (id);
ON price_revisions: price_revisions_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON prices: prices_close_check CHECK ((close <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision])));
ON prices: prices_pkey PRIMARY KEY (symbol, day);
ON prices: prices_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON promotions: promotions_kind_check CHECK ((kind = ANY (ARRAY['first'::text, 'gate'::text, 'forced'::text, 'rollback'::text])));
ON promotions: promotions_pkey PRIMARY KEY (id);
ON promotions: promotions_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
ON promotions: promotions_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON promotions: promotions_symbol_previous_fkey FOREIGN KEY (symbol, previous) REFERENCES models(symbol, version);
ON promotions: promotions_symbol_version_fkey FOREIGN KEY (symbol, version) REFERENCES models(symbol, version);
ON record_leaves: record_leaves_check CHECK ((("position" IS NULL) = (hash IS NULL)));
ON record_leaves: record_leaves_pkey PRIMARY KEY (id);
ON record_leaves: record_leaves_position_key UNIQUE ("position");
ON record_leaves: record_leaves_source_check CHECK ((source = ANY (ARRAY['event'::text, 'promotion'::text, 'decision'::text, 'model'::text, 'snapshot'::text])));
ON record_leaves: record_leaves_source_key_key UNIQUE (source, key);
ON runs: runs_pkey PRIMARY KEY (id);
ON runs: runs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'skipped'::text])));
ON runs: runs_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);
ON runs: runs_symbol_slot_key UNIQUE (symbol, slot);
ON runs: runs_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'catch-up'::text, 'manual'::text])));
ON schema_migrations: schema_migrations_pkey PRIMARY KEY (number);
ON series: series_pkey PRIMARY KEY (symbol);
ON series: series_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text));
ON series: series_source_check CHECK ((source = ANY (ARRAY['sample'::text, 'yahoo'::text, 'csv'::text])));
ON series: series_symbol_check CHECK ((symbol <> ''::text));
ON series: series_transform_check CHECK ((transform = ANY (ARRAY['log-return'::text, 'difference'::text])));
ON snapshots: snapshots_pkey PRIMARY KEY (data_digest);
ON table_batches: table_batches_name_check CHECK ((name ~ '^[A-Za-z0-9^=.\-_]{1,32}$'::text));
ON table_batches: table_batches_pkey PRIMARY KEY (id);
ON table_models: table_models_batch_fkey FOREIGN KEY (batch) REFERENCES table_batches(id);
ON table_models: table_models_pkey PRIMARY KEY (version);
ON table_promotions: table_promotions_kind_check CHECK ((kind = ANY (ARRAY['first'::text, 'gate'::text, 'rollback'::text])));
ON table_promotions: table_promotions_pkey PRIMARY KEY (id);
ON table_promotions: table_promotions_version_fkey FOREIGN KEY (version) REFERENCES table_models(version);
ON trials: trials_pkey PRIMARY KEY (id);
ON trials: trials_search_number_rung_key UNIQUE (search, number, rung);
ON trials: trials_symbol_fkey FOREIGN KEY (symbol) REFERENCES series(symbol);

-- Indexes

CREATE UNIQUE INDEX champions_pkey ON public.champions USING btree (symbol);
CREATE UNIQUE INDEX checkpoints_pkey ON public.checkpoints USING btree (size);
CREATE UNIQUE INDEX control_requests_pkey ON public.control_requests USING btree (key);
CREATE UNIQUE INDEX decisions_pkey ON public.decisions USING btree (id);
CREATE INDEX decisions_symbol_id_idx ON public.decisions USING btree (symbol, id DESC);
CREATE INDEX decisions_symbol_stage_id_idx ON public.decisions USING btree (symbol, stage, id DESC);
CREATE UNIQUE INDEX drift_checks_pkey ON public.drift_checks USING btree (id);
CREATE INDEX drift_checks_symbol_id_idx ON public.drift_checks USING btree (symbol, id DESC);
CREATE INDEX events_at_id_idx ON public.events USING btree (at DESC, id DESC);
CREATE INDEX events_champion ON public.events USING btree (symbol, id DESC) WHERE (kind = ANY (ARRAY['champion:promoted'::text, 'champion:rolled-back'::text]));
CREATE UNIQUE INDEX events_pkey ON public.events USING btree (id);
CREATE INDEX events_run_id_idx ON public.events USING btree (run_id);
CREATE INDEX events_symbol_at_id_idx ON public.events USING btree (symbol, at DESC, id DESC);
CREATE INDEX events_symbol_id_idx ON public.events USING btree (symbol, id DESC);
CREATE INDEX feed_faults_held ON public.feed_faults USING btree (symbol, since) WHERE ((resolution IS NULL) AND (bar IS NOT NULL));
CREATE UNIQUE INDEX feed_faults_pkey ON public.feed_faults USING btree (id);
CREATE UNIQUE INDEX feed_faults_waiting ON public.feed_faults USING btree (symbol, day, kind, since) WHERE (resolution IS NULL);
CREATE UNIQUE INDEX forecast_scores_pkey ON public.forecast_scores USING btree (forecast_id);
CREATE INDEX forecast_scores_symbol_horizon_day_idx ON public.forecast_scores USING btree (symbol, horizon, day DESC) WHERE in_service;
CREATE UNIQUE INDEX forecasts_pkey ON public.forecasts USING btree (id);
CREATE UNIQUE INDEX forecasts_symbol_version_as_of_horizon_key ON public.forecasts USING btree (symbol, version, as_of, horizon);
CREATE UNIQUE INDEX incarnations_id_key ON public.incarnations USING btree (id);
CREATE UNIQUE INDEX incarnations_pkey ON public.incarnations USING btree (number);
CREATE UNIQUE INDEX leases_pkey ON public.leases USING btree (symbol);
CREATE UNIQUE INDEX leases_symbol_epoch_key ON public.leases USING btree (symbol, epoch);
CREATE UNIQUE INDEX models_pkey ON public.models USING btree (version);
CREATE UNIQUE INDEX models_symbol_version_key ON public.models USING btree (symbol, version);
CREATE INDEX outbox_due ON public.outbox USING btree (receiver, due_at) WHERE (delivered_at IS NULL);
CREATE UNIQUE INDEX outbox_key_key ON public.outbox USING btree (key);
CREATE UNIQUE INDEX outbox_pkey ON public.outbox USING btree (id);
CREATE UNIQUE INDEX prediction_latency_pkey ON public.prediction_latency USING btree (symbol, le);
CREATE UNIQUE INDEX predictions_pkey ON public.predictions USING btree (id);
CREATE INDEX predictions_symbol_as_of_horizon_idx ON public.predictions USING btree (symbol, as_of, horizon) WHERE ((actual IS NULL) AND (as_of IS NOT NULL));
CREATE INDEX predictions_symbol_id_idx ON public.predictions USING btree (symbol, id DESC);
CREATE UNIQUE INDEX price_revisions_pkey ON public.price_revisions USING btree (id);
CREATE INDEX price_revisions_symbol_day_id_idx ON public.price_revisions USING btree (symbol, day, id DESC);
CREATE UNIQUE INDEX prices_pkey ON public.prices USING btree (symbol, day);
CREATE UNIQUE INDEX promotions_pkey ON public.promotions USING btree (id);
CREATE INDEX promotions_symbol_at_id_idx ON public.promotions USING btree (symbol, at DESC, id DESC);
CREATE INDEX promotions_symbol_id_idx ON public.promotions USING btree (symbol, id DESC);
CREATE UNIQUE INDEX record_leaves_pkey ON public.record_leaves USING btree (id);
CREATE UNIQUE INDEX record_leaves_position_key ON public.record_leaves USING btree ("position");
CREATE UNIQUE INDEX record_leaves_source_key_key ON public.record_leaves USING btree (source, key);
CREATE INDEX record_leaves_unsealed ON public.record_leaves USING btree (id) WHERE ("position" IS NULL);
CREATE UNIQUE INDEX runs_pkey ON public.runs USING btree (id);
CREATE INDEX runs_state_idx ON public.runs USING btree (state) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX runs_symbol_id_idx ON public.runs USING btree (symbol, id DESC);
CREATE UNIQUE INDEX runs_symbol_slot_key ON public.runs USING btree (symbol, slot);
CREATE UNIQUE INDEX schema_migrations_pkey ON public.schema_migrations USING btree (number);
CREATE UNIQUE INDEX series_pkey ON public.series USING btree (symbol);
CREATE UNIQUE INDEX snapshots_pkey ON public.snapshots USING btree (data_digest);
CREATE INDEX table_batches_name ON public.table_batches USING btree (name, id);
CREATE UNIQUE INDEX table_batches_pkey ON public.table_batches USING btree (id);
CREATE UNIQUE INDEX table_models_pkey ON public.table_models USING btree (version);
CREATE INDEX table_promotions_name ON public.table_promotions USING btree (name, id DESC);
CREATE UNIQUE INDEX table_promotions_pkey ON public.table_promotions USING btree (id);
CREATE UNIQUE INDEX trials_pkey ON public.trials USING btree (id);
CREATE UNIQUE INDEX trials_search_number_rung_key ON public.trials USING btree (search, number, rung);

-- Functions

CREATE OR REPLACE FUNCTION public.check_newest_leaves(OUT checked integer, OUT broken integer)
 RETURNS record
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  SELECT count(*)::integer, (count(*) FILTER (WHERE hash IS DISTINCT FROM leaf_hash(source, key)))::integer
  FROM (SELECT source, key, hash FROM record_leaves WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1000) AS newest
$function$
;
CREATE OR REPLACE FUNCTION public.count_latency()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO prediction_latency AS counted (symbol, le, answers, seconds)
  SELECT symbol, (SELECT min(bound) FROM unnest(latency_buckets()) AS bound WHERE p.seconds <= bound) AS le,
    count(*), sum(p.seconds)
  FROM appended AS p WHERE p.seconds IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (symbol, le) DO UPDATE
  SET answers = counted.answers + excluded.answers, seconds = counted.seconds + excluded.seconds;
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION public.enter_record()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE key text;
BEGIN
  EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) USING NEW INTO key;
  INSERT INTO record_leaves (source, key) VALUES (TG_ARGV[0], key);
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION public.event_text(e events)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  SELECT jsonb_build_array(
    e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.run_id, e.symbol, e.kind, e.payload, e.sentence
  )::text
$function$
;
CREATE OR REPLACE FUNCTION public.instant_text(instant timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  SELECT to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
$function$
;
CREATE OR REPLACE FUNCTION public.is_free(lease leases)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  SELECT lease.expires_at <= clock_timestamp() OR NOT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 7316424 AND objid = (lease.epoch & 2147483647)::oid AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
$function$
;
CREATE OR REPLACE FUNCTION public.keep_revision()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO price_revisions (symbol, day, old_close, new_close, old_row)
  VALUES (OLD.symbol, OLD.day, OLD.close, NEW.close, to_jsonb(OLD));
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION public.latency_buckets()
 RETURNS double precision[]
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT '{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, Infinity}'::double precision[]
$function$
;
CREATE OR REPLACE FUNCTION public.leaf_at(source text, key text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  SELECT CASE source
    WHEN 'event' THEN (SELECT at FROM events WHERE id = key::bigint)
    WHEN 'promotion' THEN (SELECT at FROM promotions WHERE id = key::bigint)
    WHEN 'decision' THEN (SELECT at FROM decisions WHERE id = key::bigint)
    WHEN 'model' THEN (SELECT created_at FROM models WHERE version = key::integer)
  END
$function$
;
CREATE OR REPLACE FUNCTION public.leaf_hash(source text, key text)
 RETURNS bytea
 LANGUAGE sql
 STABLE
AS $function$
  SELECT sha256('\x00'::bytea || convert_to(leaf_text(source, key), 'UTF8'))
$function$
;
CREATE OR REPLACE FUNCTION public.leaf_text(source text, key text)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
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
$function$
;
CREATE OR REPLACE FUNCTION public.number_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.id := nextval('event_ids');
  NEW.at := clock_timestamp();
  RETURN NEW;
END $function$
;
CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME;
END $function$
;

-- Triggers

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER enter_record AFTER INSERT ON public.decisions FOR EACH ROW EXECUTE FUNCTION enter_record('decision', 'id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER enter_record AFTER INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION enter_record('event', 'id');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER number_event BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION number_event();
CREATE TRIGGER enter_record AFTER INSERT ON public.models FOR EACH ROW EXECUTE FUNCTION enter_record('model', 'version');
CREATE TRIGGER count_latency AFTER INSERT ON public.predictions REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION count_latency();
CREATE TRIGGER keep_revision AFTER UPDATE ON public.prices FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION keep_revision();
CREATE TRIGGER enter_record AFTER INSERT ON public.promotions FOR EACH ROW EXECUTE FUNCTION enter_record('promotion', 'id');
CREATE TRIGGER append_only BEFORE UPDATE ON public.record_leaves FOR EACH ROW WHEN ((old."position" IS NOT NULL)) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_removal BEFORE DELETE ON public.record_leaves FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER enter_record AFTER INSERT ON public.snapshots FOR EACH ROW EXECUTE FUNCTION enter_record('snapshot', 'data_digest');

-- Views

VIEW champion_info AS
 SELECT c.symbol,
    c.version,
    m.sha256,
    m.arm,
    m.trained_from,
    m.trained_to,
    m.created_at AS trained_at,
    c.promoted_at,
    c.validated_to,
    c.validated_at,
    ((m.holdout ->> 'mse'::text))::double precision AS holdout_mse
   FROM (champions c
     JOIN models m USING (symbol, version));
VIEW champion_scores AS
 SELECT s.symbol,
    s.version,
    s.horizon,
    f.as_of,
    s.day,
    s.actual,
    f.prediction,
    f.lower,
    f.upper,
    f.naive,
    s.squared_error,
    s.absolute_error,
    s.absolute_percentage_error,
    s.crps,
    s.naive_squared_error,
    s.naive_crps,
    s.volatility,
    s.change,
    s.change_error,
    s.covered
   FROM (forecast_scores s
     JOIN forecasts f ON ((f.id = s.forecast_id)))
  WHERE s.in_service;
VIEW data_freshness AS
 SELECT s.symbol,
    s.source,
    latest.day AS last_day,
    latest.stored_at
   FROM (series s
     CROSS JOIN LATERAL ( SELECT prices.day,
            prices.stored_at
           FROM prices
          WHERE (prices.symbol = s.symbol)
          ORDER BY prices.day DESC
         LIMIT 1) latest);
VIEW drift_history AS
 SELECT c.id,
    c.symbol,
    c.day,
    c.checked_at,
    d.detector,
    d.statistic,
    d."limit" AS limit_value,
    c.verdict,
    c.cause
   FROM (drift_checks c
     CROSS JOIN LATERAL ( SELECT told.detector,
            told.statistic,
            told."limit"
           FROM jsonb_to_recordset(c.detectors) told(detector text, statistic double precision, "limit" double precision)
        UNION ALL
         SELECT 'losses'::text,
            (((c.report -> 'loss'::text) ->> 'peak'::text))::double precision AS float8,
            (((c.report -> 'loss'::text) ->> 'limit'::text))::double precision AS float8) d)
  WHERE ((d.statistic IS NOT NULL) AND (d."limit" IS NOT NULL));
VIEW flock AS
 SELECT s.symbol,
    s.source,
    fresh.last_day,
    c.version,
    c.promoted_at,
    c.validated_at,
    (c.pinned_at IS NOT NULL) AS pinned,
    drift.verdict,
    drift.cause,
    drift.calibrated_p,
    drift.threshold,
    drift.day AS checked_day,
    (COALESCE(held.bars, (0)::bigint))::integer AS held_bars,
    COALESCE(missed.days, 0) AS missed_days,
    (COALESCE(quality.scored, (0)::bigint))::integer AS scored,
    quality.skill,
    quality.coverage,
    budget.spent,
    budget.allowed,
    run.state AS run_state,
    run.outcome,
    run.reason,
    run.sentence,
    run.ended_at
   FROM ((((((((series s
     LEFT JOIN champions c USING (symbol))
     LEFT JOIN data_freshness fresh USING (symbol))
     LEFT JOIN latest_drift_checks drift USING (symbol))
     LEFT JOIN ( SELECT held_bars.symbol,
            sum(held_bars.bars) AS bars
           FROM held_bars
          GROUP BY held_bars.symbol) held USING (symbol))
     LEFT JOIN missed_days missed USING (symbol))
     LEFT JOIN retrain_budgets budget USING (symbol))
     LEFT JOIN LATERAL ( SELECT count(*) AS scored,
            (avg((recent.covered)::integer))::double precision AS coverage,
            ((1)::double precision - (sum(recent.squared_error) / NULLIF(sum(recent.naive_squared_error), (0)::double precision))) AS skill
           FROM ( SELECT f.forecast_id,
                    f.symbol,
                    f.version,
                    f.horizon,
                    f.day,
                    f.actual,
                    f.squared_error,
                    f.absolute_error,
                    f.absolute_percentage_error,
                    f.crps,
                    f.naive_squared_error,
                    f.naive_crps,
                    f.covered,
                    f.volatility,
                    f.change,
                    f.change_error,
                    f.in_service
                   FROM forecast_scores f
                  WHERE ((f.symbol = s.symbol) AND (f.horizon = 1) AND f.in_service)
                  ORDER BY f.day DESC
                 LIMIT 60) recent) quality ON (true))
     LEFT JOIN LATERAL ( SELECT r.state,
            r.outcome,
            r.reason,
            r.sentence,
            r.ended_at
           FROM runs r
          WHERE (r.symbol = s.symbol)
          ORDER BY r.id DESC
         LIMIT 1) run ON (true));
VIEW forecast_history AS
 SELECT f.symbol,
    f.version,
    f.as_of,
    s.day,
    f.made_at,
    f.prediction,
    f.lower,
    f.upper,
    f.level,
    f.naive,
    s.actual,
    s.covered,
    s.squared_error,
    s.naive_squared_error,
    ((0.5)::double precision * ((1)::double precision + erf((
        CASE
            WHEN (d.dof IS NULL) THEN d.x
            ELSE (((sign(d.x) * (((8)::double precision * d.dof) + (1)::double precision)) / (((8)::double precision * d.dof) + (3)::double precision)) * sqrt((d.dof * ln(((1)::double precision + ((d.x * d.x) / d.dof))))))
        END / sqrt((2)::double precision))))) AS pit
   FROM ((forecast_scores s
     JOIN forecasts f ON ((f.id = s.forecast_id)))
     CROSS JOIN LATERAL ( SELECT ((f.distribution ->> 'dof'::text))::double precision AS dof,
            ((s.change - ((f.distribution ->> 'mean'::text))::double precision) / NULLIF(((f.distribution ->> 'spread'::text))::double precision, (0)::double precision)) AS x) d)
  WHERE (s.in_service AND (s.horizon = 1))
UNION ALL
 SELECT next.symbol,
    next.version,
    next.as_of,
    NULL::date AS day,
    next.made_at,
    next.prediction,
    next.lower,
    next.upper,
    next.level,
    next.naive,
    NULL::double precision AS actual,
    NULL::boolean AS covered,
    NULL::double precision AS squared_error,
    NULL::double precision AS naive_squared_error,
    NULL::double precision AS pit
   FROM (champions c
     CROSS JOIN LATERAL ( SELECT f.id,
            f.symbol,
            f.version,
            f.as_of,
            f.horizon,
            f.prediction,
            f.lower,
            f.upper,
            f.level,
            f.naive,
            f.naive_spread,
            f.distribution,
            f.made_at
           FROM forecasts f
          WHERE ((f.symbol = c.symbol) AND (f.version = c.version) AND (f.horizon = 1))
          ORDER BY f.as_of DESC
         LIMIT 1) next)
  WHERE (NOT (EXISTS ( SELECT
           FROM forecast_scores s
          WHERE (s.forecast_id = next.id))));
VIEW held_bars AS
 SELECT s.symbol,
    kind.name AS kind,
    (count(DISTINCT f.day))::integer AS bars,
    min(f.day) AS first_day
   FROM ((series s
     CROSS JOIN unnest(ARRAY['invalid-price'::text, 'split-unadjusted'::text, 'unit-error'::text, 'unit-changed'::text, 'repeated-tick'::text, 'swapped-date'::text]) kind(name))
     LEFT JOIN feed_faults f ON (((f.symbol = s.symbol) AND (f.kind = kind.name) AND (f.resolution IS NULL) AND (f.bar IS NOT NULL))))
  GROUP BY s.symbol, kind.name;
VIEW last_successes AS
 SELECT symbol,
    max(ended_at) AS ended_at
   FROM runs
  WHERE (state = 'done'::text)
  GROUP BY symbol;
VIEW latest_drift_checks AS
 SELECT latest.symbol,
    latest.day,
    latest.statistic,
    latest.raw_p,
    latest.calibrated_p,
    latest.threshold,
    latest.verdict,
    latest.cause,
    latest.checked_at,
    latest.detectors
   FROM (series s
     CROSS JOIN LATERAL ( SELECT drift_checks.symbol,
            drift_checks.day,
            drift_checks.statistic,
            drift_checks.raw_p,
            drift_checks.calibrated_p,
            drift_checks.threshold,
            drift_checks.verdict,
            drift_checks.cause,
            drift_checks.checked_at,
            drift_checks.detectors
           FROM drift_checks
          WHERE (drift_checks.symbol = s.symbol)
          ORDER BY drift_checks.id DESC
         LIMIT 1) latest);
VIEW missed_days AS
 SELECT s.symbol,
        CASE word.kind
            WHEN 'feed:silent'::text THEN ((word.payload ->> 'missed'::text))::integer
            ELSE 0
        END AS days,
    word.at
   FROM (series s
     CROSS JOIN LATERAL ( SELECT events.kind,
            events.payload,
            events.at
           FROM events
          WHERE ((events.symbol = s.symbol) AND (events.kind = ANY (ARRAY['feed:silent'::text, 'prices:pulled'::text])))
          ORDER BY events.id DESC
         LIMIT 1) word);
VIEW prediction_latency_histogram AS
 SELECT known.symbol,
    bucket.le,
    (sum(COALESCE(counted.answers, (0)::bigint)) OVER (PARTITION BY known.symbol ORDER BY bucket.le))::bigint AS answers,
    sum(COALESCE(counted.seconds, (0)::double precision)) OVER (PARTITION BY known.symbol) AS total_seconds
   FROM ((( SELECT DISTINCT prediction_latency.symbol
           FROM prediction_latency) known
     CROSS JOIN unnest(latency_buckets()) bucket(le))
     LEFT JOIN prediction_latency counted ON (((counted.symbol = known.symbol) AND (counted.le = bucket.le))));
VIEW promotion_history AS
 SELECT id,
    symbol,
    version,
    previous,
    kind,
    reason,
    by,
    run_id,
    at
   FROM promotions;
VIEW record_check AS
 SELECT checked,
    broken
   FROM check_newest_leaves() check_newest_leaves(checked, broken);
VIEW retrain_budgets AS
 SELECT s.symbol,
    ((last.report ->> 'recentRetrains'::text))::integer AS spent,
    ((((last.report -> 'settings'::text) -> 'decision'::text) ->> 'budgetRetrains'::text))::integer AS allowed,
    ((((last.report -> 'settings'::text) -> 'decision'::text) ->> 'budgetDays'::text))::integer AS within_days,
    last.at
   FROM (series s
     CROSS JOIN LATERAL ( SELECT decisions.report,
            decisions.at
           FROM decisions
          WHERE ((decisions.symbol = s.symbol) AND (decisions.stage = 'retrain'::text))
          ORDER BY decisions.id DESC
         LIMIT 1) last);
VIEW run_duration_histogram AS
 WITH bounds AS (
         SELECT '{0.1,0.5,1,5,10,30,60,120,300,600,1800,3600,Infinity}'::double precision[] AS ascending,
            '{-Infinity,-3600,-1800,-600,-300,-120,-60,-30,-10,-5,-1,-0.5,-0.1}'::double precision[] AS negated
        ), ended AS (
         SELECT (14 - width_bucket((- run.seconds), bounds_1.negated)) AS place,
            count(*) AS runs,
            sum(run.seconds) AS seconds
           FROM (bounds bounds_1
             CROSS JOIN ( SELECT (EXTRACT(epoch FROM (runs.ended_at - runs.started_at)))::double precision AS seconds
                   FROM runs
                  WHERE ((runs.ended_at IS NOT NULL) AND (runs.started_at IS NOT NULL))) run)
          GROUP BY (14 - width_bucket((- run.seconds), bounds_1.negated))
        )
 SELECT bucket.le,
    (sum(COALESCE(ended.runs, (0)::bigint)) OVER (ORDER BY bucket.le))::bigint AS runs,
    sum(COALESCE(ended.seconds, (0)::double precision)) OVER () AS total_seconds
   FROM ((bounds
     CROSS JOIN LATERAL unnest(bounds.ascending) WITH ORDINALITY bucket(le, place))
     LEFT JOIN ended USING (place));
VIEW run_queue AS
 SELECT state.name AS state,
    (count(r.id))::integer AS runs
   FROM (unnest(ARRAY['queued'::text, 'running'::text]) state(name)
     LEFT JOIN runs r ON (((r.state = state.name) AND (r.state = ANY (ARRAY['queued'::text, 'running'::text])))))
  GROUP BY state.name;
VIEW run_totals AS
 WITH ended AS (
         SELECT runs.symbol,
            runs.outcome,
            runs.reason,
            count(*) AS runs
           FROM runs
          WHERE (runs.ended_at IS NOT NULL)
          GROUP BY runs.symbol, runs.outcome, runs.reason
        )
 SELECT ended.symbol,
    ended.outcome,
    ended.reason,
    ended.runs
   FROM ended
UNION ALL
 SELECT s.symbol,
    known.outcome,
    known.reason,
    0 AS runs
   FROM (series s
     CROSS JOIN ( VALUES ('promoted'::text,'no-champion'::text), ('revalidated'::text,'stale'::text), ('kept'::text,'fresh'::text), ('undetermined'::text,'drift-unknown'::text), ('overtaken'::text,'champion-changed'::text), ('skipped'::text,'superseded'::text), ('failed'::text,'FAULT'::text)) known(outcome, reason))
  WHERE (NOT (EXISTS ( SELECT
           FROM ended e
          WHERE ((e.symbol = s.symbol) AND (e.outcome = known.outcome) AND (e.reason = known.reason)))));
VIEW schema_version AS
 SELECT max(number) AS number,
    max(oldest_build) AS oldest_build
   FROM schema_migrations;
VIEW scored_totals AS
 SELECT symbol,
    count(*) AS forecasts
   FROM forecast_scores
  GROUP BY symbol;
VIEW table_champions AS
 SELECT DISTINCT ON (p.name) p.name,
    p.version,
    m.type,
    m.target,
    m.sha256,
    m.held_out,
    p.kind,
    p.reason,
    p.promoted_at,
    ( SELECT b.drift
           FROM table_batches b
          WHERE (b.name = p.name)
          ORDER BY b.id DESC
         LIMIT 1) AS drift
   FROM (table_promotions p
     JOIN table_models m ON ((m.version = p.version)))
  ORDER BY p.name, p.id DESC;
VIEW timeline AS
 SELECT id,
    at,
    symbol,
    kind,
    sentence,
    run_id,
    payload
   FROM events;

-- Grants

GRANT EXECUTE ON FUNCTION check_newest_leaves TO shepherd_estimator;
GRANT EXECUTE ON FUNCTION latency_buckets TO shepherd_estimator;
GRANT SELECT ON champion_info TO shepherd_estimator;
GRANT SELECT ON champion_scores TO shepherd_estimator;
GRANT SELECT ON champions TO shepherd_estimator;
GRANT SELECT ON data_freshness TO shepherd_estimator;
GRANT SELECT ON drift_history TO shepherd_estimator;
GRANT SELECT ON flock TO shepherd_estimator;
GRANT SELECT ON forecast_history TO shepherd_estimator;
GRANT SELECT ON forecast_scores TO shepherd_estimator;
GRANT SELECT ON forecasts TO shepherd_estimator;
GRANT SELECT ON held_bars TO shepherd_estimator;
GRANT SELECT ON incarnations TO shepherd_estimator;
GRANT SELECT ON last_successes TO shepherd_estimator;
GRANT SELECT ON latest_drift_checks TO shepherd_estimator;
GRANT SELECT ON missed_days TO shepherd_estimator;
GRANT SELECT ON models TO shepherd_estimator;
GRANT SELECT ON prediction_latency_histogram TO shepherd_estimator;
GRANT INSERT ON predictions TO shepherd_estimator;
GRANT SELECT ON prices TO shepherd_estimator;
GRANT SELECT ON promotion_history TO shepherd_estimator;
GRANT SELECT ON promotions TO shepherd_estimator;
GRANT SELECT ON record_check TO shepherd_estimator;
GRANT SELECT ON retrain_budgets TO shepherd_estimator;
GRANT SELECT ON run_duration_histogram TO shepherd_estimator;
GRANT SELECT ON run_queue TO shepherd_estimator;
GRANT SELECT ON run_totals TO shepherd_estimator;
GRANT SELECT ON schema_version TO shepherd_estimator;
GRANT SELECT ON scored_totals TO shepherd_estimator;
GRANT SELECT ON series TO shepherd_estimator;
GRANT SELECT ON table_champions TO shepherd_estimator;
GRANT SELECT ON table_models TO shepherd_estimator;
GRANT SELECT ON table_promotions TO shepherd_estimator;
GRANT SELECT ON timeline TO shepherd_estimator;
GRANT EXECUTE ON FUNCTION check_newest_leaves TO shepherd_metrics;
GRANT EXECUTE ON FUNCTION latency_buckets TO shepherd_metrics;
GRANT SELECT ON champion_info TO shepherd_metrics;
GRANT SELECT ON champion_scores TO shepherd_metrics;
GRANT SELECT ON data_freshness TO shepherd_metrics;
GRANT SELECT ON drift_history TO shepherd_metrics;
GRANT SELECT ON flock TO shepherd_metrics;
GRANT SELECT ON forecast_history TO shepherd_metrics;
GRANT SELECT ON held_bars TO shepherd_metrics;
GRANT SELECT ON last_successes TO shepherd_metrics;
GRANT SELECT ON latest_drift_checks TO shepherd_metrics;
GRANT SELECT ON missed_days TO shepherd_metrics;
GRANT SELECT ON prediction_latency_histogram TO shepherd_metrics;
GRANT SELECT ON promotion_history TO shepherd_metrics;
GRANT SELECT ON record_check TO shepherd_metrics;
GRANT SELECT ON retrain_budgets TO shepherd_metrics;
GRANT SELECT ON run_duration_histogram TO shepherd_metrics;
GRANT SELECT ON run_queue TO shepherd_metrics;
GRANT SELECT ON run_totals TO shepherd_metrics;
GRANT SELECT ON schema_version TO shepherd_metrics;
GRANT SELECT ON scored_totals TO shepherd_metrics;
GRANT SELECT ON table_champions TO shepherd_metrics;
GRANT SELECT ON timeline TO shepherd_metrics;
GRANT EXECUTE ON FUNCTION check_newest_leaves TO shepherd_writer;
GRANT EXECUTE ON FUNCTION event_text TO shepherd_writer;
GRANT EXECUTE ON FUNCTION instant_text TO shepherd_writer;
GRANT EXECUTE ON FUNCTION is_free TO shepherd_writer;
GRANT EXECUTE ON FUNCTION latency_buckets TO shepherd_writer;
GRANT EXECUTE ON FUNCTION leaf_at TO shepherd_writer;
GRANT EXECUTE ON FUNCTION leaf_hash TO shepherd_writer;
GRANT EXECUTE ON FUNCTION leaf_text TO shepherd_writer;
GRANT SELECT ON champion_info TO shepherd_writer;
GRANT SELECT ON champion_scores TO shepherd_writer;
GRANT INSERT, SELECT, UPDATE ON champions TO shepherd_writer;
GRANT INSERT, SELECT ON checkpoints TO shepherd_writer;
GRANT INSERT, SELECT ON control_requests TO shepherd_writer;
GRANT SELECT ON data_freshness TO shepherd_writer;
GRANT INSERT, SELECT ON decisions TO shepherd_writer;
GRANT INSERT, SELECT ON drift_checks TO shepherd_writer;
GRANT SELECT ON drift_history TO shepherd_writer;
GRANT INSERT, SELECT ON events TO shepherd_writer;
GRANT INSERT, SELECT ON feed_faults TO shepherd_writer;
GRANT SELECT ON flock TO shepherd_writer;
GRANT SELECT ON forecast_history TO shepherd_writer;
GRANT INSERT, SELECT ON forecast_scores TO shepherd_writer;
GRANT INSERT, SELECT ON forecasts TO shepherd_writer;
GRANT SELECT ON held_bars TO shepherd_writer;
GRANT SELECT ON incarnations TO shepherd_writer;
GRANT SELECT ON last_successes TO shepherd_writer;
GRANT SELECT ON latest_drift_checks TO shepherd_writer;
GRANT INSERT, SELECT, UPDATE ON leases TO shepherd_writer;
GRANT SELECT ON missed_days TO shepherd_writer;
GRANT INSERT, SELECT ON models TO shepherd_writer;
GRANT INSERT, SELECT ON outbox TO shepherd_writer;
GRANT SELECT ON prediction_latency_histogram TO shepherd_writer;
GRANT INSERT, SELECT, UPDATE ON predictions TO shepherd_writer;
GRANT INSERT, SELECT ON price_revisions TO shepherd_writer;
GRANT INSERT, SELECT, UPDATE ON prices TO shepherd_writer;
GRANT SELECT ON promotion_history TO shepherd_writer;
GRANT INSERT, SELECT ON promotions TO shepherd_writer;
GRANT SELECT ON record_check TO shepherd_writer;
GRANT INSERT, SELECT ON record_leaves TO shepherd_writer;
GRANT SELECT ON retrain_budgets TO shepherd_writer;
GRANT SELECT ON run_duration_histogram TO shepherd_writer;
GRANT SELECT ON run_queue TO shepherd_writer;
GRANT SELECT ON run_totals TO shepherd_writer;
GRANT INSERT, SELECT, UPDATE ON runs TO shepherd_writer;
GRANT SELECT ON schema_version TO shepherd_writer;
GRANT SELECT ON scored_totals TO shepherd_writer;
GRANT INSERT, SELECT, UPDATE ON series TO shepherd_writer;
GRANT INSERT, SELECT ON snapshots TO shepherd_writer;
GRANT INSERT, SELECT ON table_batches TO shepherd_writer;
GRANT SELECT ON table_champions TO shepherd_writer;
GRANT INSERT, SELECT ON table_models TO shepherd_writer;
GRANT INSERT, SELECT ON table_promotions TO shepherd_writer;
GRANT SELECT ON timeline TO shepherd_writer;
GRANT INSERT, SELECT, UPDATE ON trials TO shepherd_writer;
