import cliProgress from 'cli-progress';
import type { EpochReport } from '../core/model/training/request.ts';
import type { SeriesSymbol } from '../core/series/symbol.ts';
import type { Log } from '../service/log.ts';
import { fixed } from '../core/prose/figures.ts';

/** Shows how far a training is: a bar on a terminal, a plain line every ten epochs elsewhere. */
export interface TrainingProgress {
  report(arm: string, epoch: EpochReport): void;
  stop(): void;
}

const EPOCHS_A_LINE = 10;

export function createTrainingProgress(symbol: SeriesSymbol, log: Log, terminal: boolean): TrainingProgress {
  return terminal ? createBars(symbol) : createLines(symbol, log);
}

function createLines(symbol: SeriesSymbol, log: Log): TrainingProgress {
  return {
    report(arm, { epoch, maxEpochs, trainingLoss, validationLoss }) {
      if (epoch % EPOCHS_A_LINE !== 0) return;
      log.note(
        `${symbol}: training ${arm}, epoch ${epoch} of at most ${maxEpochs}, loss ${fixed(trainingLoss, 4)}, validation ${fixed(validationLoss, 4)}`,
      );
    },
    stop: () => undefined,
  };
}

function createBars(symbol: SeriesSymbol): TrainingProgress {
  const bars = new cliProgress.MultiBar(
    {
      format: `${symbol} training {arm} {bar} epoch {value}/{total}  validation loss {loss}`,
      clearOnComplete: true,
      hideCursor: true,
    },
    cliProgress.Presets.shades_classic,
  );
  const byArm = new Map<string, cliProgress.SingleBar>();
  return {
    report(arm, { epoch, maxEpochs, validationLoss }) {
      const bar = byArm.get(arm) ?? bars.create(maxEpochs, 0, { arm, loss: '' });
      byArm.set(arm, bar);
      bar.update(epoch, { arm, loss: fixed(validationLoss, 4) });
    },
    stop: () => {
      bars.stop();
    },
  };
}
