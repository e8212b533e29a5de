import assert from 'node:assert/strict';
import { WATCHES } from '../../../../core/drift/budget.ts';
import { ksDistance } from './arithmetic.ts';
import type { BookedCheck, Books } from './books.ts';
import { assertClose } from './figures.ts';
import type { CheckRow } from './rows.ts';

/** Fewer changes than this in the window, or in the reference, leave a verdict open; so do fewer days of losses. */
const [LEAST_WINDOW, LEAST_REFERENCE, LEAST_LIVE, LEAST_HELD_OUT] = [30, 250, 10, 30];

/** Holds every check to the changes and losses that it must have compared. */
export function holdChecks({ checks, record }: Books): void {
  assert.deepEqual(
    record.checks.map(({ runId, day }) => [runId, day]),
    checks.map(({ entry, day }) => [entry.runId, day]),
  );
  for (const check of checks) {
    checkDistribution(check);
    checkLosses(check);
  }
  // A whole quarter of live forecasts told the same twice, by the record and by the check.
  assert.ok(
    checks.filter(({ naiveRatio, liveDays }) => naiveRatio !== null && liveDays.length >= LEAST_LIVE).length > 30,
  );
}

function checkDistribution({ entry, row, reference, current }: BookedCheck): void {
  const what = `the check of ${entry.symbol} on ${entry.today}`;
  const { statistic, calibratedP, threshold, verdict, cause, referenceSize, currentSize, limit, watchVerdict } = row!;
  assert.deepEqual([referenceSize, currentSize], [reference.length, current.length], what);
  if (current.length < LEAST_WINDOW || reference.length < LEAST_REFERENCE) {
    const seen = watchVerdict === 'drifted';
    assert.deepEqual([statistic, calibratedP, limit], [null, null, null], what);
    assert.deepEqual([verdict, cause !== null], [seen ? 'drifted' : 'undetermined', seen], what);
    return;
  }
  const distance = ksDistance(reference, current);
  assertClose(statistic, distance, `D of ${what}`);
  assert.ok(calibratedP !== null && threshold !== null && limit !== null, what);
  assert.equal(verdict, calibratedP <= threshold || watchVerdict === 'drifted' ? 'drifted' : 'stable', what);
  assert.equal(cause !== null, verdict === 'drifted', what);
  if (distance >= limit) assert.ok(calibratedP <= threshold, what);
  checkDetectors(row!, what);
}

/** What decides is what is kept: an alarm is a detector at its limit, the check of record among them. */
function checkDetectors({ detectors, verdict }: CheckRow, what: string): void {
  assert.equal(detectors.length, WATCHES.length, what);
  const alarmed = detectors.some(({ statistic, limit }) => statistic >= limit);
  assert.equal(alarmed, verdict === 'drifted', what);
}

function checkLosses({ entry, row, heldOutDays, liveDays, naiveRatio }: BookedCheck): void {
  const what = `the losses of ${entry.symbol} on ${entry.today}`;
  const { loss } = row!;
  assert.deepEqual([loss.heldOutSize, loss.liveSize], [heldOutDays.length, liveDays.length], what);
  const enough = liveDays.length >= LEAST_LIVE && heldOutDays.length >= LEAST_HELD_OUT;
  if (!enough) assert.equal(loss.verdict, 'undetermined', what);
  else assert.equal(loss.verdict, loss.peak! >= loss.limit! ? 'decayed' : 'stable', what);
  if (enough && naiveRatio !== null) assertClose(loss.naiveRatio, naiveRatio, what, 2e-4);
}
