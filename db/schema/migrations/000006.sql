-- What a person chose for one series: text by the name of the setting, as the environment would have it; the rest is the environment's.
ALTER TABLE series ADD COLUMN settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object');
