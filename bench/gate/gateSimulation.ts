/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index lies on the simulated path, whose arrays have one length */
import type { ArmName, DayLosses } from '../../core/decide/evidence.ts';
import { ewmaVolatility } from '../../core/forecast/naive.ts';
import { crpsNormal } from '../../core/metrics/crps.ts';
import { createRandom, normal, type RandomSource } from '../../core/random.ts';
import { addDays, parseDay } from '../../core/series/day.ts';

/** A world of daily changes and the way in which its forecasters differ. */
export interface World {
  readonly name: string;
  readonly volatility: 'constant' | 't5-garch';
  /**
   * `mean`: independent errors of the point forecast. `spread`: errors of the volatility forecast that persist for weeks.
   * `bias`: a spread that is always too wide, with small errors of some days; its loss differences have a deviation of about a
   * tenth of the loss and little autocorrelation, as those between networks and GARCH on the real series have (.07 to .14;
   * lag 1 -.11 to .10).
   */
  readonly errors: 'mean' | 'spread' | 'bias';
}

export const WORLDS: readonly World[] = [
  { name: 'normal, point errors', volatility: 'constant', errors: 'mean' },
  { name: 't5-GARCH, point errors', volatility: 't5-garch', errors: 'mean' },
  { name: 't5-GARCH, volatility errors', volatility: 't5-garch', errors: 'spread' },
  { name: 't5-GARCH, too wide', volatility: 't5-garch', errors: 'bias' },
];

/** Size of a champion's errors: of the mean in volatilities, of the spread and its bias in logarithms. */
const CHAMPION_ERROR = { mean: 0.75, spread: 0.6, bias: 0.6 };

/** Day-to-day persistence of volatility errors, and their size beside a bias. */
const PERSISTENCE = { spread: 0.9, bias: 0.3 };
const SMALL_ERROR = 0.15;

const BURN_IN = 120;
/** Days to hang the losses on; a path is never longer. */
const DAYS = Array.from({ length: 1000 }, (_, i) => addDays(parseDay('2010-01-01'), i));

interface Path {
  readonly changes: Float64Array;
  readonly volatility: Float64Array;
}

/** GARCH(.08, .90) with Student-t(5) innovations of unit variance, or independent normals; unconditional variance 1. */
function drawPath(world: World, length: number, random: RandomSource): Path {
  const changes = new Float64Array(length);
  const volatility = new Float64Array(length);
  let variance = 1;
  for (let t = 0; t < length; t += 1) {
    volatility[t] = Math.sqrt(variance);
    changes[t] = volatility[t]! * (world.volatility === 'constant' ? normal(random) : studentFive(random));
    if (world.volatility === 't5-garch') variance = 0.02 + 0.08 * changes[t]! ** 2 + 0.9 * variance;
  }
  return { changes, volatility };
}

function studentFive(random: RandomSource): number {
  let chiSquare = 0;
  for (let i = 0; i < 5; i += 1) chiSquare += normal(random) ** 2;
  return (normal(random) / Math.sqrt(chiSquare / 5)) * Math.sqrt(3 / 5);
}

/** Mean and deviation forecast for each day by a forecaster with errors of a given size. */
function drawForecasts(
  path: Path,
  world: World,
  size: number,
  random: RandomSource,
): { mean: number; deviation: number }[] {
  let persistent = normal(random);
  return Array.from(path.volatility, (volatility) => {
    if (world.errors === 'mean') return { mean: size * volatility * normal(random), deviation: volatility };
    const kept = PERSISTENCE[world.errors];
    persistent = kept * persistent + Math.sqrt(1 - kept ** 2) * normal(random);
    const logError = world.errors === 'bias' ? size + SMALL_ERROR * persistent : size * persistent;
    return { mean: 0, deviation: volatility * Math.exp(logError) };
  });
}

/** Mean CRPS in volatilities of a forecaster with errors of a given size, over a long path. */
function expectedCrps(world: World, size: number): number {
  const random = createRandom(99);
  const path = drawPath(world, 100_000, random);
  const forecasts = drawForecasts(path, world, size, random);
  let sum = 0;
  forecasts.forEach(({ mean, deviation }, t) => {
    sum += crpsNormal(mean, deviation, path.changes[t]!) / path.volatility[t]!;
  });
  return sum / forecasts.length;
}

/** The size of errors whose expected CRPS is `ratio` times the champion's. */
export function errorSizeFor(world: World, ratio: number): number {
  const champion = CHAMPION_ERROR[world.errors];
  if (ratio === 1) return champion;
  const wanted = ratio * expectedCrps(world, champion);
  let low = 0;
  let high = 2 * champion;
  for (let i = 0; i < 18; i += 1) {
    const middle = (low + high) / 2;
    if (expectedCrps(world, middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Losses of the forecasters over one stretch of `gates` × `days` days, cut into gates. */
export interface Stretch {
  readonly champion: DayLosses;
  readonly naive: DayLosses;
  readonly arms: readonly { readonly name: ArmName; readonly losses: DayLosses }[];
}

/** A champion and, at each gate, two fresh arms of one quality, scored as the gate does: in EWMA volatilities. */
export function drawGates(world: World, armSize: number, gates: number, days: number, seed: number): Stretch[] {
  const random = createRandom(seed);
  const path = drawPath(world, BURN_IN + gates * days, random);
  const units = ewmaVolatility(path.changes);
  const losses = (forecasts: readonly { mean: number; deviation: number }[], gate: number): DayLosses => {
    const first = BURN_IN + gate * days;
    const indexes = Array.from({ length: days }, (_, i) => first + i);
    return {
      days: indexes.map((t) => DAYS[t]!),
      crps: indexes.map(
        (t) => crpsNormal(forecasts[t]!.mean, forecasts[t]!.deviation, path.changes[t]!) / units[t - 1]!,
      ),
      squaredError: indexes.map((t) => ((path.changes[t]! - forecasts[t]!.mean) / units[t - 1]!) ** 2),
    };
  };
  const champion = drawForecasts(path, world, CHAMPION_ERROR[world.errors], random);
  const naive = Array.from(units, (_, t) => ({ mean: 0, deviation: units[t - 1] ?? 1 }));
  return Array.from({ length: gates }, (_, gate) => ({
    champion: losses(champion, gate),
    naive: losses(naive, gate),
    arms: (['fine-tuned', 'from-scratch'] as const).map((name) => ({
      name,
      losses: losses(drawForecasts(path, world, armSize, random), gate),
    })),
  }));
}
