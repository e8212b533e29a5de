import type { MessagePort } from 'node:worker_threads';
import { ShepherdError } from '../../core/errors.ts';
import { train } from '../../core/model/train.ts';
import type { TrainingRequest, TrainingResult } from '../../core/model/training.ts';

/** One training on this thread; reports leave through the port while it runs. */
export default function work({ request, port }: { request: TrainingRequest; port: MessagePort }): TrainingResult {
  try {
    return train(request, {
      onEpoch: (report) => {
        port.postMessage(report);
      },
    });
  } catch (error) {
    // Only plain errors survive the way back: the code goes with it as its cause.
    throw error instanceof ShepherdError ? new Error(error.message, { cause: { code: error.code } }) : error;
  } finally {
    port.close();
  }
}
