-- Series, prices with their revisions, and what a feed got wrong.

CREATE TABLE series (
  symbol       text PRIMARY KEY CHECK (symbol <> ''),
  source       text NOT NULL CHECK (source IN ('sample', 'yahoo', 'csv')),
  transform    text NOT NULL DEFAULT 'log-return' CHECK (transform IN ('log-return', 'difference')),
  time_zone    text NOT NULL DEFAULT 'UTC',
  -- Parts of the network's spec chosen for this series alone.
  model        jsonb NOT NULL DEFAULT '{}',
  created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE prices (
  symbol         text NOT NULL REFERENCES series,
  day            date NOT NULL,
  close          double precision NOT NULL CHECK (close NOT IN ('NaN', 'Infinity', '-Infinity')),
  open           double precision,
  high           double precision,
  low            double precision,
  adjusted_close double precision,
  volume         double precision,
  stored_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (symbol, day)
);

-- A changed past value: whatever changes a price, the row as it stood is kept here by the trigger below.
CREATE TABLE price_revisions (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol     text NOT NULL REFERENCES series,
  day        date NOT NULL,
  old_close  double precision NOT NULL,
  new_close  double precision NOT NULL,
  old_row    jsonb NOT NULL,
  revised_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON price_revisions (symbol, day, id DESC);

CREATE FUNCTION keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO price_revisions (symbol, day, old_close, new_close, old_row)
  VALUES (OLD.symbol, OLD.day, OLD.close, NEW.close, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER keep_revision AFTER UPDATE ON prices FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_revision();

-- Bars held back from `prices` because they look like a fault of the feed.
CREATE TABLE feed_faults (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol   text NOT NULL REFERENCES series,
  day      date NOT NULL,
  kind     text NOT NULL,
  sentence text NOT NULL,
  bar      jsonb,
  evidence jsonb NOT NULL,
  found_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (symbol, day, kind)
);

-- The slot ledger: one row a symbol and slot makes each run exactly-once.
CREATE TABLE runs (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol      text NOT NULL REFERENCES series,
  slot        text NOT NULL,
  trigger     text NOT NULL CHECK (trigger IN ('schedule', 'catch-up', 'manual')),
  -- What a person asked for: {"force": true} and the like.
  request     jsonb NOT NULL DEFAULT '{}',
  state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'skipped')),
  attempts    integer NOT NULL DEFAULT 0,
  queued_at   timestamptz NOT NULL DEFAULT now(),
  started_at  timestamptz,
  ended_at    timestamptz,
  -- 'trained', 'promoted', 'revalidated', 'kept', 'undetermined', 'failed', 'skipped' and its reason.
  outcome     text,
  reason      text,
  sentence    text,
  -- Results of finished steps, so that a run taken up again after a crash does not repeat them.
  progress    jsonb NOT NULL DEFAULT '{}',
  UNIQUE (symbol, slot)
);
CREATE INDEX ON runs (symbol, id DESC);
CREATE INDEX ON runs (state) WHERE state IN ('queued', 'running');

CREATE TABLE models (
  version      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol       text NOT NULL REFERENCES series,
  run_id       bigint REFERENCES runs,
  arm          text NOT NULL CHECK (arm IN ('from-scratch', 'fine-tuned', 'imported')),
  parent       integer REFERENCES models,
  spec         jsonb NOT NULL,
  -- Training-set constants that standardise a window; they travel with the weights.
  scale        jsonb NOT NULL,
  seed         bigint NOT NULL,
  -- tfjs LayersModel topology and its weights; sha256 covers both.
  topology     text NOT NULL,
  weights      bytea NOT NULL,
  sha256       text NOT NULL,
  -- The snapshot it was trained on: days [trained_from, trained_to] as they stood then, and their digest.
  trained_from date NOT NULL,
  trained_to   date NOT NULL,
  data_digest  text NOT NULL,
  -- What `train` was asked beside the data: validation days, kernel backend, epochs, losses, seconds.
  training     jsonb NOT NULL,
  -- Shrinkage and the bands' starting state.
  calibration  jsonb NOT NULL,
  -- Held-out figures beside naive.
  holdout      jsonb NOT NULL,
  -- A forecast the estimator must reproduce before it serves the model: {"closes": […], "prediction": n}.
  golden       jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  -- Lets others refer to a model of their own symbol.
  UNIQUE (symbol, version)
);

-- Closes a model was trained on, as they stood, so that a later revision of prices does not stop it from being reproduced.
CREATE TABLE snapshots (
  data_digest text PRIMARY KEY,
  days        date[] NOT NULL,
  closes      double precision[] NOT NULL
);

CREATE TABLE champions (
  symbol       text PRIMARY KEY REFERENCES series,
  version      integer NOT NULL,
  promoted_at  timestamptz NOT NULL,
  -- Last day of data on which it was trained or found still the best: the staleness clock.
  validated_to date NOT NULL,
  validated_at timestamptz NOT NULL,
  -- Evidence carried from gate to gate, and what the drift check learnt from the training returns.
  evidence     jsonb NOT NULL DEFAULT '{}',
  reference    jsonb NOT NULL,
  -- The bands' state after the last scored day; a promotion starts with the model's own.
  band         jsonb NOT NULL,
  -- Last day of data when it was promoted: its own forecasts begin there.
  promoted_on  date NOT NULL,
  FOREIGN KEY (symbol, version) REFERENCES models (symbol, version)
);

-- What was live when and why. It keeps what the champion's row was made with, so that a rollback puts it back whole.
CREATE TABLE promotions (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol       text NOT NULL REFERENCES series,
  version      integer NOT NULL,
  previous     integer,
  kind         text NOT NULL CHECK (kind IN ('first', 'gate', 'forced', 'rollback')),
  reason       text NOT NULL,
  run_id       bigint REFERENCES runs,
  validated_to date NOT NULL,
  evidence     jsonb NOT NULL,
  reference    jsonb NOT NULL,
  band         jsonb NOT NULL,
  promoted_on  date NOT NULL,
  at           timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (symbol, version) REFERENCES models (symbol, version),
  FOREIGN KEY (symbol, previous) REFERENCES models (symbol, version)
);
CREATE INDEX ON promotions (symbol, id DESC);

CREATE TABLE drift_checks (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id       bigint REFERENCES runs,
  symbol       text NOT NULL REFERENCES series,
  day          date NOT NULL,
  statistic    double precision,
  raw_p        double precision,
  calibrated_p double precision,
  threshold    double precision,
  verdict      text NOT NULL CHECK (verdict IN ('stable', 'drifted', 'undetermined')),
  cause        text,
  report       jsonb NOT NULL,
  checked_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON drift_checks (symbol, id DESC);

CREATE TABLE decisions (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id   bigint REFERENCES runs,
  symbol   text NOT NULL REFERENCES series,
  day      date NOT NULL,
  stage    text NOT NULL CHECK (stage IN ('retrain', 'gate')),
  verdict  text NOT NULL,
  reason   text NOT NULL,
  sentence text NOT NULL,
  report   jsonb NOT NULL,
  at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON decisions (symbol, id DESC);

-- The champion's own forecast of each next day, so that its quality is known even when nobody calls.
CREATE TABLE forecasts (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol     text NOT NULL REFERENCES series,
  version    integer NOT NULL,
  as_of      date NOT NULL,
  horizon    integer NOT NULL CHECK (horizon > 0),
  prediction double precision NOT NULL,
  lower      double precision NOT NULL,
  upper      double precision NOT NULL,
  level      double precision NOT NULL,
  naive      double precision NOT NULL,
  -- Spread of the naive forecast's normal distribution, known when it was made.
  naive_spread double precision NOT NULL,
  -- The whole distribution of the cumulative change, for CRPS: {"mean", "spread", "dof"}.
  distribution jsonb NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (symbol, version, as_of, horizon),
  FOREIGN KEY (symbol, version) REFERENCES models (symbol, version)
);

CREATE TABLE forecast_scores (
  forecast_id   bigint PRIMARY KEY REFERENCES forecasts,
  symbol        text NOT NULL,
  version       integer NOT NULL,
  horizon       integer NOT NULL,
  day           date NOT NULL,
  actual        double precision NOT NULL,
  squared_error double precision NOT NULL,
  absolute_error double precision NOT NULL,
  absolute_percentage_error double precision,
  crps          double precision NOT NULL,
  naive_squared_error double precision NOT NULL,
  naive_crps    double precision NOT NULL,
  covered       boolean NOT NULL
);
CREATE INDEX ON forecast_scores (symbol, horizon, day DESC);

-- Answers the estimator gave, written in batches.
CREATE TABLE predictions (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT now(),
  symbol     text NOT NULL,
  version    integer NOT NULL,
  form       text NOT NULL CHECK (form IN ('window', 'symbol', 'date', 'range', 'batch', 'csv')),
  as_of      date,
  horizon    integer NOT NULL DEFAULT 1,
  prediction double precision NOT NULL,
  lower      double precision NOT NULL,
  upper      double precision NOT NULL,
  naive      double precision NOT NULL,
  -- Time the answer took, on the first of the rows that one answer gave; NULL on its others.
  seconds    double precision CHECK (seconds >= 0),
  -- Filled by the shepherd when the day's close arrives.
  day        date,
  actual     double precision
);
CREATE INDEX ON predictions (symbol, id DESC);
CREATE INDEX ON predictions (symbol, as_of, horizon) WHERE actual IS NULL AND as_of IS NOT NULL;

CREATE TABLE trials (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  search     text NOT NULL,
  symbol     text NOT NULL REFERENCES series,
  number     integer NOT NULL,
  rung       integer NOT NULL,
  spec       jsonb NOT NULL,
  score      double precision,
  detail     jsonb NOT NULL DEFAULT '{}',
  ended_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (search, number, rung)
);
