-- Of a file with several columns of values, the one that was chosen at its import; null: the one named as prices are.
ALTER TABLE series ADD COLUMN price_column text;
