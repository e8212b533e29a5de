-- What an act over the control service was asked under its key, and what it answered: the same request again gets the same answer.
CREATE TABLE control_requests (
  key text PRIMARY KEY CHECK (length(key) <= 200),
  digest text NOT NULL,
  began_at timestamptz NOT NULL DEFAULT now(),
  status integer,
  answer text,
  CHECK ((status IS NULL) = (answer IS NULL))
);
