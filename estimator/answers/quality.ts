import { measureUncertainty, type Interval } from '../../core/forecast/uncertainty.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import type { Prediction } from '../schemas/answer.ts';

type QualityFields = Pick<
  Prediction,
  'level' | 'skill' | 'skillInterval' | 'coverage' | 'coverageInterval' | 'betterThanNaive' | 'warning' | 'model'
>;

/** How good the champions of this series have been of late, good or bad: said with every answer about the series itself. */
export function qualityFields(served: ServedSymbol): QualityFields {
  const { quality, scores } = served;
  if (quality === null) return unknownQuality(served);
  const { days, skill, coverage, betterThanNaive } = quality;
  const uncertainty = measureUncertainty(scores.slice(-days));
  return {
    level: served.band.level,
    skill,
    skillInterval: intervalOf(uncertainty?.skill),
    coverage,
    coverageInterval: intervalOf(uncertainty?.coverage),
    betterThanNaive,
    ...(betterThanNaive === false && {
      warning: `Over the last ${days} scored days this model was worse than "tomorrow is as today" (the value in "naive").`,
    }),
    model: modelOf(served),
  };
}

/**
 * For values that a caller brings: how good a model is was measured on its own series alone, and of another nothing is known, whatever
 * `symbol` chose the model.
 */
export function unknownQuality(served: ServedSymbol): QualityFields {
  return {
    level: served.band.level,
    skill: null,
    skillInterval: null,
    coverage: null,
    coverageInterval: null,
    betterThanNaive: null,
    model: modelOf(served),
  };
}

function intervalOf(interval: Interval | null | undefined): [number, number] | null {
  return interval === null || interval === undefined ? null : [...interval];
}

function modelOf({ model: { symbol, version, trainedTo } }: ServedSymbol): Prediction['model'] {
  return { symbol, version, trainedTo };
}
