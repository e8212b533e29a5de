-- Tables of any columns, beside the series: batches of rows, the models trained on them, and which was put into service when.
CREATE TABLE table_batches (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9^=.\-_]{1,32}$'),
  header jsonb NOT NULL,
  rows jsonb NOT NULL,
  drift jsonb,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX table_batches_name ON table_batches (name, id);

CREATE TABLE table_models (
  version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  batch bigint NOT NULL REFERENCES table_batches,
  type text NOT NULL,
  target text NOT NULL,
  artifact text NOT NULL,
  sha256 text NOT NULL,
  held_out jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The champion of a table is the model of its newest row.
CREATE TABLE table_promotions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  version bigint NOT NULL REFERENCES table_models,
  kind text NOT NULL CHECK (kind IN ('first', 'gate', 'rollback')),
  reason text NOT NULL,
  promoted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX table_promotions_name ON table_promotions (name, id DESC);

CREATE VIEW table_champions AS
  SELECT DISTINCT ON (p.name) p.name, p.version, m.type, m.target, m.sha256, m.held_out, p.kind, p.reason, p.promoted_at,
    (SELECT b.drift FROM table_batches AS b WHERE b.name = p.name ORDER BY b.id DESC LIMIT 1) AS drift
  FROM table_promotions AS p
  JOIN table_models AS m ON m.version = p.version
  ORDER BY p.name, p.id DESC;
