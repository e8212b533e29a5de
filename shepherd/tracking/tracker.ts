import type { ShepherdConfig } from '../config.ts';
import type { Log } from '../../service/log.ts';
import { connectMlflow, type MlflowRun } from './mlflow.ts';

/** Told of trainings beside the database. It may lose its copy; what is told here is kept there. */
export interface RunTracker {
  record(run: MlflowRun): Promise<void>;
}

const EXPERIMENT = 'shepherd';

/** The MLflow server of the settings, or nothing. A failure there is one line of the log, never a failed run. */
export function createTracker(
  { mlflowTrackingUri, mlflowTrackingToken }: Pick<ShepherdConfig, 'mlflowTrackingUri' | 'mlflowTrackingToken'>,
  log: Pick<Log, 'error'>,
): RunTracker | undefined {
  if (mlflowTrackingUri === undefined) return undefined;
  const mlflow = connectMlflow({ trackingUri: mlflowTrackingUri, token: mlflowTrackingToken, now: Date.now });
  return {
    async record(run) {
      try {
        await mlflow.record(EXPERIMENT, run);
      } catch (error) {
        log.error(`MLflow was not told of ${run.name}; it is kept in the database.`, error);
      }
    },
  };
}
