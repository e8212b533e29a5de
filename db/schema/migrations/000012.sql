-- What a program asks at its start, with whatever login it has: may this build work with these tables?
ALTER TABLE schema_migrations ADD COLUMN oldest_build integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN schema_migrations.oldest_build IS 'builds that know fewer migrations than this cannot go on once it is applied';

CREATE VIEW schema_version AS
  SELECT max(number) AS number, max(oldest_build) AS oldest_build FROM schema_migrations;
