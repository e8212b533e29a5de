import type { ServedSymbol } from '../serving/servedSymbol.ts';
import type { Prediction } from '../schemas/answer.ts';

type StandingFields = Pick<Prediction, 'level' | 'skill' | 'coverage' | 'betterThanNaive' | 'warning' | 'model'>;

/** What every answer says about the model behind it, good or bad. */
export function standingFields({ model, standing, band }: ServedSymbol): StandingFields {
  const { skill, coverage, betterThanNaive, days } = standing;
  return {
    level: band.level,
    skill,
    coverage,
    betterThanNaive,
    ...(betterThanNaive === false && {
      warning: `Over the last ${days} scored days this model was not better than "tomorrow is as today" (the value in "naive").`,
    }),
    model: { symbol: model.symbol, version: model.version, trainedTo: model.trainedTo },
  };
}
