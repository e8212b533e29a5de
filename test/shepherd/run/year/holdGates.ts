import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { dieboldMarianoP, ewma, mean } from './arithmetic.ts';
import type { BookedGate, Books } from './books.ts';
import { assertClose } from './figures.ts';
import { numbersOf } from './gates.ts';
import { SPLIT } from './runs.ts';

/** Holds every training and every gate to the days it may know and to the rule it must follow. */
export function holdGates(books: Books): void {
  const { gates, record } = books;
  const rows = record.decisions.filter(({ stage }) => stage === 'gate');
  assert.deepEqual(
    rows.map(({ runId, day }) => [runId, day]),
    gates.map(({ entry, day }) => [entry.runId, day]),
  );
  for (const gate of gates) {
    checkArms(gate);
    checkVerdict(gate);
    checkEvidence(gate);
  }
  assert.equal(record.models.length, gates.flatMap(({ arms }) => arms).length);
  assert.deepEqual(record.snapshots, [...new Set(gates.map(digestOf))].sort());
}

/** What is known of the arms: trained on the days before the held-out ones, from the champion and from nothing. */
function checkArms(gate: BookedGate): void {
  const { arms, champion, prices } = gate;
  const known = prices.days.slice(0, -SPLIT.heldOut - SPLIT.gap);
  assert.deepEqual(
    arms.map(({ arm, parent }) => [arm, parent]),
    champion === null
      ? [['from-scratch', null]]
      : [
          ['fine-tuned', champion.version],
          ['from-scratch', null],
        ],
  );
  for (const { trainedFrom, trainedTo, dataDigest, holdout } of arms) {
    assert.deepEqual([trainedFrom, trainedTo, dataDigest], [known[0], known.at(-1), digestOf(gate)]);
    assert.equal(holdout.days, SPLIT.heldOut);
    const moves = prices.closes.slice(-SPLIT.heldOut - 1).map((close, i, all) => close - (all[i - 1] ?? close));
    assertClose(holdout.naiveMse, mean(moves.slice(1).map((move) => move ** 2)), 'naive on the held-out days');
  }
}

/** SHA-256 over the days and the bits of the closes that the arms were trained on. */
function digestOf({ prices }: BookedGate): string {
  const [days, closes] = [prices.days, prices.closes].map((all) => all.slice(0, -SPLIT.heldOut - SPLIT.gap));
  return createHash('sha256')
    .update(days!.join(','))
    .update(Float64Array.from(closes as number[]))
    .digest('hex');
}

function checkVerdict({ row, prices, champion, entry, winner }: BookedGate): void {
  const what = `the gate of ${entry.symbol} on ${entry.today}`;
  const { days, naive, arms, levelPerArm } = numbersOf(row!);
  assert.equal(days, SPLIT.heldOut, what);
  assert.equal(row!.verdict, winner === null ? 'keep' : 'promote', what);
  if (winner !== null) assert.match(row!.sentence, new RegExp(`^Promoting the ${winner} model`), what);
  assertClose(levelPerArm, entry.level / arms.length, what);
  // Each day in units of the volatility known the day before.
  const changes = prices.closes.slice(1).map((close, i) => Math.log(close / prices.closes[i]!));
  const first = changes.length - SPLIT.heldOut;
  const squares = changes.slice(first).map((change, i) => (change / ewma(changes.slice(0, first + i))) ** 2);
  assertClose(naive.mse, mean(squares), `naive at ${what}`);
  assert.equal(arms.length, champion === null ? 1 : 2, what);
}

/** Where a champion stays, what speaks against it is carried on: the tests must be those of the pooled days. */
function checkEvidence({ row, entry, champion, winner, prices }: BookedGate): void {
  if (champion === null) return;
  const numbers = numbersOf(row!);
  for (const arm of numbers.arms) {
    const what = `${arm.name} at the gate of ${entry.symbol} on ${entry.today}`;
    const firstNew = prices.days.at(-SPLIT.heldOut)!;
    const carried: readonly string[] = (champion.evidence[arm.name] ?? []).filter((day) => day < firstNew);
    assert.equal(arm.pooledDays, Math.min(500, carried.length + SPLIT.heldOut), what);
    if (winner !== null) continue;
    const evidence = entry.service!.evidence[arm.name]!;
    assertClose(mean(evidence.crps.slice(-SPLIT.heldOut)), numbers.champion!.crps - arm.crps, what, 1e-6);
    assertClose(arm.pBetter, dieboldMarianoP(evidence.crps), `p of ${what}`, 1e-4);
    assertClose(arm.pWorse, 1 - dieboldMarianoP(evidence.crps), `p of ${what}`, 1e-4);
    assertClose(arm.pPointWorse, 1 - dieboldMarianoP(evidence.squaredError), `point p of ${what}`, 1e-4);
  }
}
