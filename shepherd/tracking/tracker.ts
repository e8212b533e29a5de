import type { Client } from '../../db/connection/client.ts';
import { postMessage } from '../../db/tables/outbox.ts';
import type { Log } from '../../service/log.ts';
import type { ShepherdConfig } from '../config.ts';
import { connectMlflow, type MlflowRun } from './mlflow.ts';
import type { SenderOptions } from './sender.ts';

/** Told of trainings beside the database. What is told is put down with the caller's transaction and sent after it. */
export interface RunTracker {
  record(client: Client, run: MlflowRun): Promise<void>;
}

type MlflowConfig = Pick<ShepherdConfig, 'mlflowTrackingUri' | 'mlflowTrackingToken'>;

const EXPERIMENT = 'shepherd';
const RECEIVER = 'MLflow';

/** The MLflow server of the settings, or nothing. */
export function createTracker({ mlflowTrackingUri }: MlflowConfig): RunTracker | undefined {
  if (mlflowTrackingUri === undefined) return undefined;
  return { record: (client, run) => postMessage(client, RECEIVER, run) };
}

/** How what was told is sent to the server of the settings; undefined where there is none. */
export function mlflowDelivery(
  { mlflowTrackingUri, mlflowTrackingToken }: MlflowConfig,
  { db, log }: { readonly db: Client; readonly log: Pick<Log, 'note' | 'warn'> },
): SenderOptions<MlflowRun> | undefined {
  if (mlflowTrackingUri === undefined) return undefined;
  const mlflow = connectMlflow({ trackingUri: mlflowTrackingUri, token: mlflowTrackingToken, now: Date.now });
  return {
    db,
    log,
    receiver: RECEIVER,
    async deliver({ key, message, attempts }) {
      await mlflow.record(EXPERIMENT, message, { key, isRepeated: attempts > 1 });
    },
  };
}
