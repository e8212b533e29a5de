-- What a loss is measured in, stored with the score, so that nobody forecasts again to learn how good a forecast was.

ALTER TABLE forecast_scores
  -- EWMA volatility of the change, known when the forecast was made.
  ADD COLUMN volatility double precision,
  -- What the change was, and what of it the forecast mean did not foresee.
  ADD COLUMN change double precision,
  ADD COLUMN change_error double precision,
  -- Whether the forecast counts: its model was in service when the day it was made on ended. A model that leaves and comes back may meet a
  -- day that another had forecast as champion; of such two one counts. Stored, as a later promotion does not change it: nobody is promoted
  -- on a day before the last stored one, and to be scored a forecast has a stored day after its own. (Asked of promotions whenever scores
  -- are read it cost 100 ms a series.)
  ADD COLUMN in_service boolean;

-- Older scores: all of it follows from the forecast as it was stored. A score of log returns has positive values on both sides: its CRPS,
-- which may not be NULL, is made of the same logarithm.
UPDATE forecast_scores AS s SET volatility = known.volatility, change = known.change, change_error = known.change - known.mean,
  in_service = known.in_service
FROM (
  SELECT met.forecast_id, issued.naive_spread AS volatility, (issued.distribution ->> 'mean')::double precision AS mean,
    CASE model.spec ->> 'transform' WHEN 'difference' THEN met.actual - issued.naive ELSE ln(met.actual / issued.naive) END AS change,
    issued.version IS NOT DISTINCT FROM (
      SELECT version FROM promotions WHERE symbol = issued.symbol AND promoted_on <= issued.as_of ORDER BY id DESC LIMIT 1
    ) AS in_service
  FROM forecast_scores AS met
  JOIN forecasts AS issued ON issued.id = met.forecast_id
  JOIN models AS model ON model.symbol = issued.symbol AND model.version = issued.version
) AS known
WHERE known.forecast_id = s.forecast_id;

ALTER TABLE forecast_scores
  ALTER COLUMN volatility SET NOT NULL,
  ALTER COLUMN change SET NOT NULL,
  ALTER COLUMN change_error SET NOT NULL,
  ALTER COLUMN in_service SET NOT NULL;

DROP INDEX forecast_scores_symbol_horizon_day_idx;
CREATE INDEX ON forecast_scores (symbol, horizon, day DESC) WHERE in_service;

-- The forecasts that count, with what came: one a series, horizon and day.
CREATE VIEW champion_scores AS
  SELECT s.symbol, s.version, s.horizon, f.as_of, s.day, s.actual, f.prediction, f.lower, f.upper, f.naive, s.squared_error,
    s.absolute_error, s.absolute_percentage_error, s.crps, s.naive_squared_error, s.naive_crps, s.volatility, s.change, s.change_error,
    s.covered
  FROM forecast_scores AS s JOIN forecasts AS f ON f.id = s.forecast_id
  WHERE s.in_service;

-- The averages are made where every other quality is measured: core/forecast/quality.ts.
DROP VIEW forecast_quality;
