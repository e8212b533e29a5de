import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { simulateReturns, type ProcessName } from '../../../../lab/returnProcesses.ts';
import { assessDrift } from '../../../../core/drift/distribution/assessDrift.ts';
import { blockBootstrapP } from '../../../../core/drift/distribution/bootstrap.ts';
import { weighEvidence } from '../../../../core/drift/distribution/cause.ts';
import { describeDrift } from '../../../../core/drift/distribution/describe.ts';
import { quietModelOf } from '../../../../core/drift/distribution/quietModel.ts';
import { fitReference, type DriftReference } from '../../../../core/drift/distribution/reference.ts';
import { DEFAULT_DRIFT_SETTING, SINGLE_CHECK_SETTING } from '../../../../core/drift/setting.ts';
import { probability } from '../../../../core/prose/figures.ts';
import { createRandom, seedFrom } from '../../../../core/random.ts';
import { asChanges, toChanges, type Changes } from '../../../../core/series/transform.ts';
import { exactPValue, kolmogorovSmirnov } from '../../../../core/stats/ks.ts';

function split(
  process: ProcessName,
  seed: number,
  change: (value: number) => number = (value) => value,
): { reference: Changes; current: Changes } {
  const returns = simulateReturns(process, 1060, createRandom(seed)).map((value) => 0.01 * value);
  return { reference: asChanges(returns.slice(0, 1000)), current: asChanges(returns.slice(1000).map(change)) };
}

const once = { setting: SINGLE_CHECK_SETTING, seed: 1 };

describe('verdict and cause', () => {
  test('more of the same is stable, with every number there', () => {
    const report = assessDrift({ ...split('normal', 1), ...once });
    assert.equal(report.verdict, 'stable');
    assert.equal(report.cause, null);
    assert.equal(report.rawMethod, 'exact');
    assert.equal(report.threshold, 0.05);
    assert.ok(report.calibratedP > 0.05 && report.calibratedP <= 1);
    assert.deepEqual([report.referenceSize, report.currentSize], [1000, 60]);
  });

  test('a doubled volatility is a change of volatility', () => {
    const report = assessDrift({ ...split('normal', 2, (value) => 2.5 * value), ...once });
    assert.deepEqual([report.verdict, report.cause], ['drifted', 'volatility']);
    assert.ok(report.evidence!.volatilityRatio > 2 && report.evidence!.volatilityP < 0.01);
    assert.ok(report.bootstrapP! < 0.05);
    assert.match(report.reason, /volatility is 2\.\d+ times the reference's/);
  });

  test('a market four times as wild has not moved its mean, wherever its mean fell', () => {
    for (let seed = 11; seed <= 25; seed += 1) {
      const report = assessDrift({ ...split('garch', seed, (value) => 4 * value), ...once });
      if (report.verdict === 'drifted') assert.equal(report.cause, 'volatility', `seed ${seed}: ${report.reason}`);
    }
  });

  test('a shift by one deviation is a change of the mean', () => {
    const report = assessDrift({ ...split('t4', 3, (value) => value + 0.01), ...once });
    assert.deepEqual([report.verdict, report.cause], ['drifted', 'mean']);
    assert.ok(Math.abs(report.evidence!.meanShift - 1) < 0.4);
  });

  test('two values where there was a bell is a change of shape', () => {
    const report = assessDrift({ ...split('normal', 4, (value) => (value < 0 ? -0.01 : 0.0101)), ...once });
    assert.deepEqual([report.verdict, report.cause], ['drifted', 'shape']);
  });

  test('days without any change speak for the feed', () => {
    const { reference, current } = split('normal', 5);
    const stuck = asChanges(current.map((value, t) => (t % 3 === 0 ? value : 0)));
    const report = assessDrift({ reference, current: stuck, ...once });
    assert.deepEqual([report.verdict, report.cause], ['drifted', 'feed']);
  });

  test('a window that never changes at all is a stuck feed, not a crash', () => {
    const { reference } = split('normal', 5);
    const report = assessDrift({ reference, current: asChanges(new Float64Array(60)), ...once });
    assert.deepEqual([report.verdict, report.cause], ['drifted', 'feed']);
  });
});

describe('when no verdict is possible', () => {
  const { reference, current } = split('normal', 6);

  test('too few values and a constant reference are undetermined, with the numbers', () => {
    const short = assessDrift({ reference: asChanges(reference.slice(0, 100)), current, ...once });
    assert.deepEqual([short.verdict, short.calibratedP], ['undetermined', null]);
    assert.match(short.reason, /100 changes.*250/);
    assert.equal(assessDrift({ reference, current: asChanges(current.slice(0, 29)), ...once }).verdict, 'undetermined');
    const constant = asChanges(new Float64Array(300).fill(0.001));
    assert.equal(assessDrift({ reference: constant, current, ...once }).verdict, 'undetermined');
    const steadyGrowth = toChanges(
      Float64Array.from({ length: 300 }, (_, t) => 100 * 1.001 ** t),
      'log-return',
    );
    assert.equal(assessDrift({ reference: steadyGrowth, current, ...once }).verdict, 'undetermined');
  });

  test('prices in either place are named, under either rule', () => {
    let level = 100;
    const prices = asChanges(reference.map((value) => (level *= Math.exp(value))));
    for (const setting of [SINGLE_CHECK_SETTING, DEFAULT_DRIFT_SETTING]) {
      const before = assessDrift({ reference: prices, current, setting, seed: 1 });
      const after = assessDrift({ reference, current: prices, setting, seed: 1 });
      assert.deepEqual([before.verdict, after.verdict], ['undetermined', 'undetermined']);
      assert.match(before.reason, /^The reference values are all of one sign or wander, as price levels do/);
      assert.match(after.reason, /^The current values are all of one sign or wander, as price levels do/);
    }
  });

  test('changes of one sign, as of a fund that only grows, are undetermined and no error', () => {
    const rising = asChanges(current.map((value) => 0.0001 + Math.abs(value)));
    const report = assessDrift({ reference, current: rising, ...once });
    assert.ok(report.verdict === 'undetermined');
    assert.equal(report.obstacle, 'like-levels');
    const fund = asChanges(reference.map((value) => 0.0001 + 0.001 * Math.abs(value)));
    assert.equal(assessDrift({ reference: fund, current: rising, ...once }).verdict, 'undetermined');
  });

  test('values that are not finite are refused', () => {
    assert.throws(() => assessDrift({ reference, current: asChanges(current.with(3, Number.NaN)), ...once }), {
      code: 'INVALID_INPUT',
    });
  });

  test('settings out of range are refused', () => {
    for (const setting of [
      { ...SINGLE_CHECK_SETTING, windowDays: 5 },
      { ...SINGLE_CHECK_SETTING, referenceDays: 100 },
      { ...SINGLE_CHECK_SETTING, rule: { kind: 'false-alarms', everyDays: 2 } as const },
    ]) {
      assert.throws(() => assessDrift({ reference, current, setting, seed: 1 }), { code: 'INVALID_CONFIG' });
    }
  });
});

describe('a stored reference', () => {
  const { reference, current } = split('garch', 7);
  const daily = { reference, current, setting: DEFAULT_DRIFT_SETTING, seed: 3 };
  const fitted = fitReference(reference, DEFAULT_DRIFT_SETTING, 3);

  test('survives JSON and gives the report that a new fit gives', () => {
    const stored = JSON.parse(JSON.stringify(fitted)) as typeof fitted; // what the database hands back
    const report = assessDrift({ ...daily, fitted: stored });
    assert.deepEqual(report, assessDrift(daily));
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
    assert.ok(JSON.stringify(fitted).length < 30_000);
  });

  test('is not used for other values', () => {
    const other = split('normal', 8);
    const report = assessDrift({ ...daily, ...other, fitted });
    assert.deepEqual(report, assessDrift({ ...daily, ...other }));
  });

  test('serves any number of needless retrains and any flock: the same fit, a stricter threshold', () => {
    const rare = { ...DEFAULT_DRIFT_SETTING, rule: { kind: 'false-alarms', everyDays: 1000 } as const };
    const [usual, once] = [assessDrift({ ...daily, fitted }), assessDrift({ ...daily, setting: rare, fitted })];
    assert.ok(once.threshold! < usual.threshold! && once.limit! > usual.limit!);
    assert.ok(usual.threshold! > 0.001 && usual.threshold! < 0.1, `threshold ${usual.threshold}`);
    // A tenth of what a lone series may spend is a tenth, whoever takes the rest.
    const flock = assessDrift({ ...daily, fitted, flock: 10 });
    const alone = { ...DEFAULT_DRIFT_SETTING, rule: { kind: 'false-alarms', everyDays: 2520 } as const };
    assert.deepEqual(flock, assessDrift({ ...daily, setting: alone, fitted }));
    const large = assessDrift({ ...daily, fitted, flock: 500 });
    assert.ok(large.threshold! < 1 / 1001, 'a threshold below what a thousand simulated distances can tell');
  });

  test('is not used for windows of another length', () => {
    const shorter = { ...daily, setting: { ...DEFAULT_DRIFT_SETTING, windowDays: 40 } };
    assert.deepEqual(assessDrift({ ...shorter, fitted }), assessDrift(shorter));
  });

  test('a window still filling is judged by distances of its own size', () => {
    const independent = split('normal', 7);
    const known = fitReference(independent.reference, DEFAULT_DRIFT_SETTING, 3);
    for (const size of [30, 35, 45]) {
      const window = asChanges(independent.current.slice(0, size));
      const report = assessDrift({ ...daily, ...independent, current: window, fitted: known });
      assert.equal(report.currentSize, size);
      // Days are independent here, so the exact test knows both: the p-value of the window and that of the critical distance.
      const near = (p: number, exact: number) =>
        Math.abs(p - exact) < 4 * Math.sqrt((exact * (1 - exact)) / 1000) + 0.001;
      const own = exactPValue(report.statistic!, 1000, size);
      assert.ok(near(report.calibratedP!, own), `${size} days: p ${report.calibratedP} is not ${own}`);
      assert.ok(!near(report.calibratedP!, exactPValue(report.statistic!, 1000, 60)), 'nor that of a full window');
      assert.ok(
        near(report.threshold!, exactPValue(report.limit!, 1000, size)),
        `${size} days: threshold ${report.threshold}`,
      );
    }
  });
});

describe('around the threshold', () => {
  const { reference, current } = split('normal', 12, (value) => 1.5 * value);
  const fitted = fitReference(reference, SINGLE_CHECK_SETTING, 3);
  const at = (level: number) => {
    const setting = { ...SINGLE_CHECK_SETTING, rule: { kind: 'level', level } as const };
    return assessDrift({ reference, current, setting, seed: 3, fitted });
  };
  const p = at(0.49).calibratedP!;

  test('the p-value is the share of stored distances as far', () => {
    const { statistic } = at(0.49);
    assert.equal(statistic, kolmogorovSmirnov(reference, current).statistic);
    const beyond = fitted.nullDistances.filter((distance) => distance >= statistic - 1e-9).length;
    assert.equal(p, (beyond + 1) / 1001);
    assert.equal(at(0.49).rawP, exactPValue(statistic, 1000, 60));
  });

  test('at it drift is called, below it not', () => {
    assert.equal(at(p).verdict, 'drifted');
    const report = at(p * 0.999);
    assert.deepEqual([report.verdict, report.cause], ['stable', null]);
    assert.equal(report.threshold, p * 0.999);
    assert.match(report.reason, /^No drift: calibrated p (\S+) against a threshold of (?!\1\.)\S+\.$/);
  });

  test('the evidence and the second opinion are given up to twice the threshold', () => {
    const near = at(p / 2);
    assert.equal(near.bootstrapP, blockBootstrapP(reference, 60, near.statistic!, seedFrom(3, 'blocks')));
    assert.deepEqual(near.evidence, weighEvidence(quietModelOf(fitted.parameters, reference), reference, current, 3));
    const far = at(p * 0.499);
    assert.deepEqual([far.bootstrapP, far.evidence], [null, null]);
  });
});

describe('the sentence', () => {
  const reasonOf = (seed: number, change: (value: number) => number, process: ProcessName = 'normal') => {
    const { reason, calibratedP, evidence } = assessDrift({ ...split(process, seed, change), ...once });
    return [reason, `calibrated p ${probability(calibratedP!, 2)} against a threshold of 0.05.`, evidence!] as const;
  };

  test('names the side of the change with its size', () => {
    const [mean, comparison, { meanShift }] = reasonOf(3, (value) => value + 0.01, 't4');
    assert.equal(mean, `Drift: the mean moved by ${meanShift.toFixed(2)} standard deviations, ${comparison}`);
    const [wild, second, { volatilityRatio }] = reasonOf(2, (value) => 2.5 * value);
    assert.equal(wild, `Drift: volatility is ${volatilityRatio.toFixed(2)} times the reference's, ${second}`);
    const [shape, third] = reasonOf(4, (value) => (value < 0 ? -0.01 : 0.0101));
    assert.equal(shape, `Drift: the shape of the distribution changed while mean and volatility did not, ${third}`);
    let day = 0;
    const [feed, fourth] = reasonOf(5, (value) => ((day += 1) % 3 === 0 ? value : 0));
    assert.equal(feed, `Drift: 67 % of the days show no change at all, ${fourth}`);
  });
});

describe('the windows', () => {
  const { reference, current } = split('normal', 14, (value) => 1.6 * value);
  const longer = (changes: Changes) => asChanges(Float64Array.from([...new Float64Array(200).fill(0.5), ...changes]));

  test('are the last days of what is given, as many as are set', () => {
    const report = assessDrift({ reference, current, ...once });
    assert.deepEqual(assessDrift({ reference: longer(reference), current: longer(current), ...once }), report);
    assert.deepEqual([report.referenceSize, report.currentSize], [1000, 60]);
  });

  test('are told with their sizes where no verdict is possible', () => {
    const part = (changes: Changes, count: number) => asChanges(changes.slice(0, count));
    const report = assessDrift({ reference: part(reference, 249), current: part(current, 40), ...once });
    assert.deepEqual(report, {
      statistic: null,
      rawP: null,
      rawMethod: null,
      calibratedP: null,
      bootstrapP: null,
      threshold: null,
      referenceSize: 249,
      currentSize: 40,
      verdict: 'undetermined',
      obstacle: 'short-reference',
      cause: null,
      evidence: null,
      reason: 'The reference has 249 changes; a verdict needs 250.',
      limit: null,
    });
    assert.equal(
      assessDrift({ reference: part(reference, 250), current: part(current, 29), ...once }).reason,
      'The current window has 29 changes; a verdict needs 30.',
    );
    assert.notEqual(
      assessDrift({ reference: part(reference, 250), current: part(current, 30), ...once }).verdict,
      'undetermined',
    );
    assert.equal(
      assessDrift({ reference: asChanges(new Float64Array(300)), current, ...once }).reason,
      'The reference never changes; nothing can be compared with it.',
    );
  });
});

test('a fit made now and one that was stored give the same p-value to the last bit, for full and for filling windows', () => {
  for (const seed of [1, 2, 3]) {
    const { reference, current } = split('normal', seed);
    const fitted = JSON.parse(JSON.stringify(fitReference(reference, SINGLE_CHECK_SETTING, 1))) as DriftReference;
    for (const size of [60, 41]) {
      const window = asChanges(current.slice(0, size));
      const fresh = assessDrift({ reference, current: window, ...once });
      assert.deepEqual(assessDrift({ reference, current: window, ...once, fitted }), fresh);
      assert.deepEqual([fresh.limit, fresh.threshold], [null, 0.05]);
    }
  }
});

test('dependence raises the p-value: calibrated above raw on GARCH returns, near it on independent ones', () => {
  const garch = assessDrift({ ...split('garch', 9, (value) => 1.5 * value), ...once });
  assert.ok(garch.calibratedP! > 1.5 * garch.rawP!);
  const normal = assessDrift({ ...split('normal', 10, (value) => 1.4 * value), ...once });
  assert.ok(
    Math.abs(Math.log(normal.calibratedP! / normal.rawP!)) < Math.log(1.6),
    `${normal.rawP} ${normal.calibratedP}`,
  );
});

test('false alarms of 200 single checks on GARCH returns stay near 5 %, where plain KS cries wolf', () => {
  let calibrated = 0;
  let raw = 0;
  for (let seed = 1; seed <= 200; seed += 1) {
    const report = assessDrift({ ...split('garch', 100 + seed), setting: SINGLE_CHECK_SETTING, seed });
    if (report.verdict === 'drifted') calibrated += 1;
    if (report.rawP! <= 0.05) raw += 1;
  }
  assert.ok(calibrated <= 18, `${calibrated} of 200`); // P(more than 18) is 1 % at 5 %
  assert.ok(raw >= 20, `${raw} of 200`);
});

test('the description holds the whole picture', () => {
  const text = describeDrift(
    assessDrift({ ...split('normal', 2, (value) => 4 * value), setting: DEFAULT_DRIFT_SETTING, seed: 1 }),
  ).join('\n');
  for (const words of [
    /^verdict +drifted \(volatility\)/m,
    /^statistic +D = 0\.\d{4}/m,
    /^raw p .*independent/m,
    /^calibrated p/m,
    /^threshold/m,
    /1,000 reference changes, 60 current/,
    /^threshold .*\(D of 0\.\d{4}\)/m,
  ]) {
    assert.match(text, words);
  }
  assert.ok(text.split('\n').length <= 20);
});
