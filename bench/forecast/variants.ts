import { scoreRange, atHorizon, type AccountableModel } from '../../core/cycle/heldOut.ts';
import { applyCalibration, calibrate, type Calibration } from '../../core/forecast/calibration.ts';
import { updateBand } from '../../core/forecast/band.ts';
import { forecastDays } from '../../core/forecast/forecast.ts';
import { ahead } from '../../core/forecast/ahead.ts';
import { fitScaleModel } from '../../core/forecast/scale/scaleModel.ts';
import type { DayScore } from '../../core/forecast/score.ts';
import { ratioInterval } from '../../core/forecast/uncertainty.ts';
import type { WalkedFold } from '../../core/evaluate/walkForward.ts';
import type { ChangeDistribution } from '../../core/model/network.ts';
import { createPredictor } from '../../core/model/infer.ts';
import { dayAt, sliceSeries, slicePrices, type Series } from '../../core/series/price.ts';
import { meanOf } from '../../core/stats/moments.ts';

/** A CRPS ratio to EWMA-normal with its 90 % interval by Diebold and Mariano. */
export interface Ratio {
  readonly ratio: number;
  readonly interval: readonly [number, number] | null;
}

export function ratioOf(crps: readonly number[], naive: readonly number[]): Ratio {
  return { ratio: meanOf(crps) / meanOf(naive), interval: ratioInterval(crps, naive) };
}

const NO_CLASSIC = { anchor: null, rhythm: null };

/** The parts of the forecast by themselves, and it without one of them, one day ahead on the days of the walk. */
export function ablate(series: Series, walked: readonly WalkedFold[]): Record<string, Ratio> {
  const closesOnly: Series = { days: series.days, closes: series.closes };
  const known = ({ fold }: WalkedFold): Series => sliceSeries(series, 0, fold.known);
  const alone = ({ calibration }: WalkedFold): Calibration => ({
    ...calibration,
    weight: 0,
    horizons: calibration.horizons.map((horizon) => ({ ...horizon, shrinkage: 0 })),
  });
  const members: Record<string, { prices: Series; of: (each: WalkedFold) => Calibration }> = {
    'closes only': { prices: closesOnly, of: ({ calibration }) => calibration },
    'scale model alone': { prices: series, of: alone },
    'network alone': {
      prices: closesOnly,
      of: (each) =>
        calibrate(createPredictor(each.network), known(each), each.fold.validation, {
          before: NO_CLASSIC,
          known: NO_CLASSIC,
        }),
    },
    'no rhythm': {
      prices: series,
      of: (each) => {
        const { transform } = each.network.spec;
        if (each.calibration.rhythm === null) return each.calibration;
        return { ...each.calibration, rhythm: null, anchor: fitScaleModel(known(each), transform, null) };
      },
    },
  };
  return Object.fromEntries(
    Object.entries(members).map(([name, { prices, of }]) => {
      const scores = walked.flatMap((each) => rescore(each, prices, of(each)));
      return [
        name,
        ratioOf(
          scores.map(({ crps }) => crps),
          scores.map(({ naiveCrps }) => naiveCrps),
        ),
      ];
    }),
  );
}

function rescore({ fold, knownTo, network }: WalkedFold, series: Series, calibration: Calibration): DayScore[] {
  const model: AccountableModel = { predictor: createPredictor(network), calibration, knownTo };
  return atHorizon(scoreRange(model, series, fold.test.from, fold.test.to).scores, 1);
}

/** What a forecast further ahead than the network's last day came to. */
export interface FarScore {
  readonly distribution: ChangeDistribution;
  readonly change: number;
  readonly covered: boolean;
  readonly volatility: number;
  /** |change - mean| / spread. */
  readonly score: number;
}

/** Forecasts `horizon` days ahead (any) for each day of the walk that has one, with the band's level as it had adapted by then. */
export function scoreFar(series: Series, walked: readonly WalkedFold[], horizon: number): FarScore[] {
  return walked.flatMap(({ fold, network, calibration, scores }) => {
    const { spec } = network;
    const predictor = createPredictor(network);
    const end = Math.min(fold.test.to - 1, series.closes.length - horizon);
    const raw = predictor.predictRange(series.closes, fold.test.from - 1, end);
    const outcomes = atHorizon(scores, spec.horizon);
    let band = calibration.band;
    let met = 0;
    const volatilities = new Map(atHorizon(scores, 1).map(({ day, volatility }) => [day, volatility]));
    return raw.map((network, i) => {
      const today = fold.test.from - 1 + i;
      const { day, close } = dayAt(series, today);
      for (let next = outcomes[met]; next !== undefined && next.day <= day; next = outcomes[(met += 1)])
        band = updateBand(band, { horizon: spec.horizon, score: 0, covered: next.covered });
      const distributions = applyCalibration(network, calibration, slicePrices(series, 0, today + 1), spec, horizon);
      const forecast = ahead(
        forecastDays({ distributions, lastClose: close, band, transform: spec.transform, horizon }),
        horizon,
      );
      const actual = dayAt(series, today + horizon).close;
      const change = spec.transform === 'log-return' ? Math.log(actual / close) : actual - close;
      const { mean, spread } = forecast.distribution;
      return {
        distribution: forecast.distribution,
        change,
        covered: actual >= forecast.lower && actual <= forecast.upper,
        volatility: volatilities.get(dayAt(series, today + 1).day) ?? Number.NaN,
        score: Math.abs(change - mean) / spread,
      };
    });
  });
}
