import type { ChangeDistribution } from '../model/network.ts';
import type { ModelSpec } from '../model/spec.ts';
import { lastPrices, slicePrices, type Prices } from '../series/price.ts';
import { toChanges } from '../series/transform.ts';
import { garchDistributions, type GarchAnchor } from './garchAnchor.ts';
import { poolDistributions, poolWithGarch, type NetworkWorth } from './pool.ts';
import { fitRhythm, rhythmFactors, type Rhythm } from './rhythm.ts';
import { distributionAt, fitScaleModel, viewPrices, type ScaleModel } from './scale/scaleModel.ts';

/** Level indexes [from, to). */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** What is learnt of a series without a network. */
export interface Classic {
  /** Null where no volatility model could be fitted: the network then stands alone. */
  readonly anchor: ScaleModel | GarchAnchor | null;
  /** Null where the series has none. */
  readonly rhythm: Rhythm | null;
}

/** The classic part twice: as it is held against the network on the validation days, and as it is served. */
export interface LearntClassic {
  /** From the days before the validation less the horizon. */
  readonly before: Classic;
  /** From all days up to the end of the validation. */
  readonly known: Classic;
}

/** Learns the part of a calibration that needs no network. */
export function learnClassic(prices: Prices, validation: IndexRange, { transform, horizon }: ModelSpec): LearntClassic {
  const learn = (to: number): Classic => {
    const learnt = slicePrices(prices, 0, Math.max(0, to));
    const rhythm = fitRhythm(toChanges(learnt.closes, transform));
    return { rhythm, anchor: fitScaleModel(learnt, transform, rhythm) };
  };
  const known = learn(validation.to);
  const before = learn(validation.from - horizon);
  // Too little before the validation: what is served then stands in, at the price of having seen the days.
  return { known, before: before.anchor === null ? known : before };
}

/** What the classic part says of one day ahead. */
export interface ClassicView {
  readonly horizon: number;
  readonly anchor: ChangeDistribution | null;
  /** A GARCH model's weight is a half whatever the calibration says, as it was when it was stored. */
  readonly isGarch: boolean;
  readonly rhythmFactor: number;
}

/** For each day ahead up to `until`; from the same window as the network's forecast and nothing before it. */
export function viewOf(
  { anchor, rhythm }: Classic,
  prices: Prices,
  { window, transform }: ModelSpec,
  until: number,
): ClassicView[] {
  const last = lastPrices(prices, window);
  const isGarch = anchor !== null && 'parameters' in anchor;
  if (anchor !== null && !isGarch) {
    const view = viewPrices(anchor, last, transform, rhythm);
    return Array.from({ length: until }, (_, h) => ({
      horizon: h + 1,
      anchor: distributionAt(view, h + 1),
      isGarch,
      rhythmFactor: view.factors[h] ?? 1,
    }));
  }
  const changes = toChanges(last.closes, transform);
  const anchored = anchor === null ? null : garchDistributions(anchor, changes, until);
  const factors = rhythm === null ? null : rhythmFactors(rhythm, changes, until);
  return Array.from({ length: until }, (_, h) => ({
    horizon: h + 1,
    anchor: anchored?.[h] ?? null,
    isGarch,
    rhythmFactor: factors?.[h] ?? 1,
  }));
}

/** The distribution of a day ahead from both. */
export function combine(
  network: ChangeDistribution,
  { anchor, isGarch, rhythmFactor }: ClassicView,
  { shrinkage, weight }: NetworkWorth,
): ChangeDistribution {
  const own = { ...network, spread: rhythmFactor * network.spread };
  if (anchor === null) return { ...own, mean: shrinkage * network.mean };
  if (!isGarch) return poolDistributions(own, anchor, { shrinkage, weight });
  const { mean, spread, dof } = poolWithGarch(network, anchor, shrinkage);
  return { mean, spread: rhythmFactor * spread, dof };
}
