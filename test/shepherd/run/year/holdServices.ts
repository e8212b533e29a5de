import { STEP } from './bands.ts';
import assert from 'node:assert/strict';
import type { BandState } from '../../../../core/forecast/band.ts';
import type { Books } from './books.ts';
import { assertHolds, assertSame } from './figures.ts';
import { SPLIT } from './runs.ts';

/** Holds the champion's row after every act, and the line of promotions, to the books. */
export function holdServices({ services, symbols, record }: Books, announced: readonly string[]): void {
  for (const { entry, champion, band } of services) {
    const what = `${entry.act === 'scrape' ? '' : entry.act} of ${entry.act === 'scrape' ? '' : entry.symbol}`;
    const { service } = entry;
    if (champion === null) {
      assert.equal(service, null, what);
      continue;
    }
    assert.ok(service !== null, what);
    const { version, promotedOn, validatedTo, referenceTo, promoted, validated, evidence } = champion;
    assertHolds(service, { version, promotedOn, validatedTo, referenceTo }, what);
    assert.ok(service.promotedAt >= promoted.from && service.promotedAt <= promoted.to, `${what}: promoted`);
    assert.ok(service.validatedAt >= validated.from && service.validatedAt <= validated.to, `${what}: validated`);
    const days = Object.entries(service.evidence).map(([arm, differences]) => [arm, differences.days]);
    assert.deepEqual(Object.fromEntries(days), evidence, what);
    checkBand(service.band, band!, what);
  }
  for (const [symbol, { service }] of symbols) {
    const rows = record.promotions.filter((row) => row.symbol === symbol);
    assertSame(
      rows.map(({ symbol: _, reason: __, ...row }) => row),
      service.promotions.map(({ version, previous, kind, runId, validatedTo, promotedOn, referenceTo, band }) => {
        return { version, previous, kind, runId, validatedTo, promotedOn, referenceTo, band };
      }),
      `promotions of ${symbol}`,
    );
  }
  const kinds = new Set(record.promotions.map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), ['first', 'forced', 'gate', 'rollback']);
  checkStartingBands(record);
  // Estimators hear of each promotion once, in order.
  assertSame(
    announced.map((payload) => JSON.parse(payload) as unknown),
    record.promotions.map(({ symbol, version }) => ({ symbol, version })),
    'notifications',
  );
}

function checkBand(actual: BandState, expected: BandState, what: string): void {
  assert.equal(actual.horizons.length, expected.horizons.length, what);
  for (const [i, { missRate, scores }] of expected.horizons.entries()) {
    const its = actual.horizons[i]!;
    assert.equal(its.scores, scores, what);
    assertHolds({ missRate: its.missRate }, { missRate }, what, 1e-7);
  }
}

/** A model that comes through a gate begins with the bands of its validation days, moved on by every held-out day. */
function checkStartingBands({ promotions, models }: Books['record']): void {
  for (const { kind, version, band } of promotions) {
    if (kind !== 'first' && kind !== 'gate') continue;
    const { band: calibrated, holdout } = models.find((model) => model.version === version)!;
    for (const [i, { missRate }] of band.horizons.entries()) {
      const before = calibrated.horizons[i]!;
      const lived = SPLIT.heldOut + SPLIT.gap - (i + 1);
      // Each day moves the miss rate up by a tenth of a step, or down by nine where the band missed, unless it came to its bound.
      const misses = (0.1 * STEP * lived - (missRate - before.missRate)) / STEP;
      if (misses > 5) continue;
      assert.ok(Math.abs(misses - Math.round(misses)) < 1e-6, `${misses} misses of model ${version}`);
      const told = (1 - holdout.coverage) * SPLIT.heldOut;
      if (i === 0)
        assert.ok([0, 1].includes(Math.round(misses - told)), `${misses} misses, ${told} told of model ${version}`);
    }
  }
}
