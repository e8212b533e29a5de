-- What is to be told outside, written in the transaction of the act it tells of, and sent later by whoever is free, until it is received.
CREATE TABLE outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  receiver     text NOT NULL,
  -- Goes with each delivery: whoever receives one twice knows it by this.
  key          uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  message      jsonb NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  attempts     integer NOT NULL DEFAULT 0,
  due_at       timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz
);
CREATE INDEX outbox_due ON outbox (receiver, due_at) WHERE delivered_at IS NULL;
