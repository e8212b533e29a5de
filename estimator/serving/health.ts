import type { Readiness } from '../schemas/health.ts';
import type { PredictionLog } from './predictionLog.ts';
import type { Serving } from './serving.ts';

export type Health = () => Readiness;

export interface HealthParts {
  readonly serving: Serving;
  readonly log: PredictionLog;
  readonly databaseUp: () => boolean;
  readonly dropped: () => number;
}

/** What `/ready` says. Ready means that at least one model answers; a database that is away does not change that. */
export function createHealth({ serving, log, databaseUp, dropped }: HealthParts): Health {
  return () => {
    const models = serving.loaded().map(({ symbol, model, series }) => ({
      symbol,
      version: model.version,
      asOf: series.days.at(-1) ?? '',
    }));
    return {
      status: models.length > 0 ? 'ready' : 'not ready',
      ...(models.length === 0 && { reason: 'No model has been promoted and loaded yet.' }),
      models,
      faults: [...serving.faults()],
      database: databaseUp() ? 'up' : 'down',
      predictionLog: { waiting: log.length, dropped: dropped() },
    };
  };
}
