import { meanOf } from '../stats/moments.ts';
import { measureQuality, type ForecastQuality } from '../forecast/quality.ts';
import type { DayScore } from '../forecast/score.ts';
import type { Series } from '../series/price.ts';
import type { Transform } from '../series/transform.ts';
import { CLASSICS, scoreClassic, type ClassicName } from './classics.ts';
import { atHorizon } from '../cycle/heldOut.ts';
import { byYear } from './byYear.ts';
import type { WalkedFold } from './walkForward.ts';

/** What a walk forward came to, one day ahead unless said otherwise. */
export interface WalkReport {
  readonly first: string;
  readonly last: string;
  readonly quality: ForecastQuality;
  readonly years: readonly (ForecastQuality & { readonly year: string })[];
  /** CRPS of each classic / that of the EWMA normal, on the same days. */
  readonly classics: Readonly<Record<ClassicName, number>>;
  /** Each horizon's CRPS to the EWMA normal's, and the coverage of its bands. */
  readonly horizons: readonly { readonly days: number; readonly crpsRatio: number; readonly coverage: number }[];
  readonly trainings: readonly { readonly knownTo: string; readonly epochs: number; readonly bestEpoch: number }[];
}

export function reportWalk(series: Series, walked: readonly WalkedFold[], transform: Transform): WalkReport {
  const all = walked.flatMap((fold) => fold.scores);
  const scores = nextDayScores(walked);
  const quality = measureQuality(scores);
  return {
    first: scores[0]?.day ?? '',
    last: scores.at(-1)?.day ?? '',
    quality,
    years: [...byYear(scores)].map(([year, days]) => ({ year, ...measureQuality(days) })),
    classics: classicRatios(series, walked, quality.naiveCrps, transform),
    horizons: [...new Set(all.map(({ horizon }) => horizon))].sort().map((days) => {
      const { crpsRatio, coverage } = measureQuality(atHorizon(all, days));
      return { days, crpsRatio, coverage };
    }),
    trainings: walked.map(({ knownTo, epochs, bestEpoch }) => ({ knownTo, epochs, bestEpoch })),
  };
}

/** The scores one day ahead of all folds, in time order. */
export function nextDayScores(walked: readonly WalkedFold[]): DayScore[] {
  return atHorizon(
    walked.flatMap((fold) => fold.scores),
    1,
  );
}

function classicRatios(
  series: Series,
  walked: readonly WalkedFold[],
  ewmaCrps: number,
  transform: Transform,
): Record<ClassicName, number> {
  const ratio = (classic: ClassicName): number => {
    const losses = walked.flatMap(({ fold }) => scoreClassic(classic, series, fold, transform));
    return meanOf(losses) / ewmaCrps;
  };
  const names = Object.keys(CLASSICS) as ClassicName[]; // `keys` forgets that they are those of the record
  return Object.fromEntries(names.map((name) => [name, ratio(name)])) as Record<ClassicName, number>; // one entry a name
}
