/* eslint-disable @typescript-eslint/no-non-null-assertion -- there are stretches, each with a gate, and rates of the cases named here */
import { judgeCandidate } from '../core/decide/gate.ts';
import type { Evidence } from '../core/decide/evidence.ts';
import { DEFAULT_GATE_SETTINGS } from '../core/decide/settings.ts';
import { HELD_OUT_DAYS } from '../core/cycle/split.ts';
import { seedFrom } from '../core/random.ts';
import { drawGates, errorSizeFor, WORLDS, type Stretch, type World } from './gate/gateSimulation.ts';
import { atMost, option, progress, reportBench, type Bar } from './report.ts';

/** How often the gate promotes challengers of known quality, at once and as evidence is carried from gate to gate. */
const SEED = 5;
const repetitions = Number(option('reps') ?? 1500);
const GATES = 8;
const QUALITIES = { equal: 1, 'worse 2 %': 1.02, 'better 5 %': 0.95, 'better 10 %': 0.9 } as const;

interface Rates {
  /** Promoted at the first gate, with 60 held-out days. */
  readonly atOnce: number;
  /** Promoted per gate over the first 8, evidence carried. */
  readonly perGate: number;
  /** Promoted by the end of gate 1…8. */
  readonly carried: readonly number[];
  readonly notCarried: readonly number[];
  /** What "the lower mean CRPS of the better arm wins" would have promoted at once. */
  readonly lowerWins: number;
}

/** The naive forecaster is switched off: how good an arm is relative to the champion is the question here. */
function promotes(stretch: Stretch, carried: Evidence): { promoted: boolean; evidence: Evidence } {
  const naive = { ...stretch.naive, crps: stretch.naive.crps.map(() => 1e9) };
  const verdict = judgeCandidate({ ...stretch, naive, carried, settings: DEFAULT_GATE_SETTINGS });
  return { promoted: verdict.kind === 'promote', evidence: verdict.evidence };
}

/** The gate at which a challenger of this sequence is let in, or Infinity. */
function firstPromotion(stretches: readonly Stretch[], carry: boolean): number {
  let evidence: Evidence = {};
  for (const [gate, stretch] of stretches.entries()) {
    const outcome = promotes(stretch, carry ? evidence : {});
    if (outcome.promoted) return gate;
    evidence = outcome.evidence;
  }
  return Infinity;
}

function measure(world: World, ratio: number): Rates {
  const size = errorSizeFor(world, ratio);
  const firsts = { carried: [] as number[], notCarried: [] as number[] };
  let lower = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const seed = seedFrom(SEED, world.name, ratio, repetition);
    const stretches = drawGates(world, size, GATES, HELD_OUT_DAYS, seed);
    firsts.carried.push(firstPromotion(stretches, true));
    firsts.notCarried.push(firstPromotion(stretches, false));
    const { champion, arms } = stretches[0]!;
    if (arms.some((arm) => sum(arm.losses.crps) < sum(champion.crps))) lower += 1;
  }
  const byGate = (values: readonly number[]) =>
    Array.from({ length: GATES }, (_, gate) => values.filter((value) => value <= gate).length / repetitions);
  const faced = sum(firsts.carried.map((gate) => Math.min(gate + 1, GATES)));
  return {
    atOnce: byGate(firsts.carried)[0]!,
    perGate: firsts.carried.filter(Number.isFinite).length / faced,
    carried: byGate(firsts.carried),
    notCarried: byGate(firsts.notCarried),
    lowerWins: lower / repetitions,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

const results: Record<string, Record<string, Rates>> = {};
const bars: Bar[] = [];
for (const world of WORLDS) {
  const rates: Record<string, Rates> = {};
  for (const [quality, ratio] of Object.entries(QUALITIES)) {
    progress(`${world.name}: ${quality}`);
    rates[quality] = measure(world, ratio);
  }
  results[world.name] = rates;
  bars.push(atMost(`${world.name}: equally good promoted`, rates['equal']!.atOnce, 0.06));
  bars.push(atMost(`${world.name}: equally good promoted a gate, evidence carried`, rates['equal']!.perGate, 0.06));
  bars.push(atMost(`${world.name}: 2 % worse promoted`, rates['worse 2 %']!.atOnce, 0.04));
}
reportBench({ bench: 'gate', seed: SEED, results: { repetitions, heldOutDays: HELD_OUT_DAYS, ...results }, bars });
