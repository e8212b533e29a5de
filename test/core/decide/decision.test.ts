import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decide, type DecisionInput, type DriftFinding, type WatchFinding } from '../../../core/decide/decision.ts';
import { DEFAULT_DECISION_SETTINGS as settings, DEFAULT_GATE_SETTINGS } from '../../../core/decide/settings.ts';

const alarmed: WatchFinding = {
  verdict: 'drifted',
  cause: 'mean',
  first: { detector: 'mean-up', statistic: 6.1, limit: 5.2 },
};
const stable: DriftFinding = { verdict: 'stable', cause: null, calibratedP: 0.4, threshold: 0.05 };
const drifted: DriftFinding = { verdict: 'drifted', cause: 'volatility', calibratedP: 0.001, threshold: 0.05 };
const unknown: DriftFinding = { verdict: 'undetermined', cause: null, calibratedP: null, threshold: null };

const quiet: DecisionInput = {
  champion: { daysSinceValidation: 3 },
  drift: stable,
  decay: { verdict: 'stable', ratio: 1.02 },
  manual: null,
  daysSinceRetrain: 30,
  daysSinceAlarm: 40,
  recentRetrains: 1,
  settings,
};
const stale = { daysSinceValidation: settings.staleAfterDays + 1 };

describe('decision', () => {
  const cases: [string, Partial<DecisionInput>, string, RegExp][] = [
    ['trains when there is no champion', { champion: null }, 'train no-champion', /No model is in service/],
    ['keeps a fresh champion on stable data', {}, 'keep fresh', /no drift \(calibrated p 0.4\).*3 trading days ago/],
    [
      'retrains on drift, naming where',
      { drift: drifted },
      'retrain drifted',
      /drifted in volatility \(calibrated p 0.001/,
    ],
    ['retrains on decay', { decay: { verdict: 'decayed', ratio: 1.7 } }, 'retrain decayed', /1.70 times its held-out/],
    ['retrains a stale champion', { champion: stale }, 'retrain stale', /stale after/],
    ['retrains when a person asks', { manual: 'new regime' }, 'retrain manual', /asked: new regime/],
    [
      'never retrains for a feed fault',
      { drift: { ...drifted, cause: 'feed' } },
      'keep feed-fault',
      /fault of the feed/,
    ],
    ['waits out the cooldown', { champion: stale, daysSinceRetrain: 2 }, 'keep cooling-down', /2 trading days ago/],
    [
      'answers an alarm whatever was trained by age',
      { drift: drifted, daysSinceRetrain: 2 },
      'retrain drifted',
      /drifted/,
    ],
    [
      'waits after the answer to an alarm',
      { decay: { verdict: 'decayed', ratio: 2 }, daysSinceRetrain: 2, daysSinceAlarm: 2 },
      'keep cooling-down',
      /the retrain after the last alarm was 2 trading days ago/,
    ],
    [
      'retrains on what is seen day by day',
      { watch: alarmed },
      'retrain drifted',
      /in mean \(mean-up 6.10, limit 5.20\)/,
    ],
    [
      'never retrains for a feed fault seen day by day',
      { drift: drifted, watch: { ...alarmed, cause: 'feed' } },
      'keep feed-fault',
      /fault of the feed/,
    ],
    ['keeps to the budget', { champion: stale, recentRetrains: 99 }, 'keep budget-spent', /99 of/],
    ['keeps what a person has pinned', { champion: stale, pinned: 'audit' }, 'keep pinned', /stale.*pinned \(audit\)/],
    [
      'trains a pinned one when a person asks',
      { manual: 'to see', pinned: 'audit' },
      'retrain manual',
      /asked: to see/,
    ],
    ['says when it cannot tell', { drift: unknown }, 'undetermined drift-unknown', /cannot be told/],
    [
      'retrains a stale champion though drift is unknown',
      { drift: unknown, champion: stale },
      'retrain stale',
      /stale/,
    ],
  ];
  for (const [name, change, expected, sentence] of cases) {
    it(name, () => {
      const decision = decide({ ...quiet, ...change });
      assert.equal(`${decision.kind} ${decision.reason}`, expected);
      assert.match(decision.sentence, sentence);
    });
  }

  describe('is logged in full', () => {
    const numbers = {
      daysSinceValidation: 3,
      daysSinceRetrain: 30,
      daysSinceAlarm: 40,
      recentRetrains: 1,
      calibratedP: 0.4,
      lossRatio: 1.02,
    };
    const said: [string, Partial<DecisionInput>, string, Partial<typeof numbers> | Record<string, null>][] = [
      [
        'without a champion',
        { champion: null },
        'No model is in service yet, so one is trained.',
        { daysSinceValidation: null },
      ],
      ['when asked', { manual: 'new regime' }, 'Retraining because a person asked: new regime.', {}],
      [
        'on drift',
        { drift: drifted },
        'Retraining: the data has drifted in volatility (calibrated p 0.001, threshold 0.05).',
        { calibratedP: 0.001 },
      ],
      [
        'on decay',
        { decay: { verdict: 'decayed', ratio: 1.23456 } },
        "Retraining: the champion's live loss is 1.23 times its held-out loss.",
        { lossRatio: 1.23456 },
      ],
      [
        'on age',
        { champion: { daysSinceValidation: 61 } },
        'Retraining: last validated 61 trading days ago (stale after 60).',
        { daysSinceValidation: 61 },
      ],
      [
        'when calm',
        { champion: { daysSinceValidation: 1 } },
        'Keeping the champion: no drift (calibrated p 0.4), last validated 1 trading day ago (stale after 60).',
        { daysSinceValidation: 1 },
      ],
      [
        'unchecked',
        { drift: null, decay: null },
        'Keeping the champion: last validated 3 trading days ago (stale after 60).',
        { calibratedP: null, lossRatio: null },
      ],
      [
        'of a feed fault',
        { drift: { ...drifted, cause: 'feed' } },
        'Keeping the champion: the change in the data is a fault of the feed, which no retrain repairs.',
        { calibratedP: 0.001 },
      ],
      [
        'when drift is unknown',
        { drift: unknown, decay: { verdict: 'undetermined', ratio: null } },
        'Undetermined: whether the data has drifted cannot be told; last validated 3 trading days ago (stale after 60).',
        { calibratedP: null, lossRatio: null },
      ],
      [
        'in the cooldown',
        { drift: drifted, daysSinceAlarm: 1 },
        'Keeping the champion although the data has drifted in volatility (calibrated p 0.001, threshold 0.05): the retrain after the last alarm was 1 trading day ago and the cooldown is 20.',
        { calibratedP: 0.001, daysSinceAlarm: 1 },
      ],
      [
        'with the budget spent',
        { champion: { daysSinceValidation: 61 }, recentRetrains: 12 },
        'Keeping the champion although last validated 61 trading days ago (stale after 60): 12 of 12 retrains in 250 days are spent.',
        { daysSinceValidation: 61, recentRetrains: 12 },
      ],
    ];
    for (const [name, change, sentence, differing] of said) {
      it(name, () => {
        const decision = decide({ ...quiet, ...change });
        assert.equal(decision.sentence, sentence);
        assert.deepEqual(decision.numbers, { ...numbers, ...differing });
      });
    }
  });

  it('puts a person first, then drift, decay and age, and a faulty feed before an unknown', () => {
    const decayed = { verdict: 'decayed', ratio: 1.5 } as const;
    const everything = { drift: drifted, decay: decayed, champion: stale };
    const reasonFor = (change: Partial<DecisionInput>) => decide({ ...quiet, ...change }).reason;
    assert.equal(reasonFor({ ...everything, champion: null, manual: 'now' }), 'no-champion');
    assert.equal(reasonFor({ ...everything, manual: 'now' }), 'manual');
    assert.equal(reasonFor(everything), 'drifted');
    assert.equal(reasonFor({ ...everything, drift: stable }), 'decayed');
    assert.equal(reasonFor({ ...everything, drift: stable, decay: null }), 'stale');
    assert.equal(reasonFor({ drift: { ...drifted, cause: 'feed' }, decay: decayed }), 'decayed');
    assert.equal(reasonFor({ drift: drifted, daysSinceAlarm: 1, recentRetrains: 99 }), 'cooling-down');
    assert.equal(reasonFor({ drift: null, decay: decayed }), 'decayed');
  });

  it('is not stale on the last day allowed', () => {
    const champion = { daysSinceValidation: settings.staleAfterDays };
    assert.equal(decide({ ...quiet, champion }).kind, 'keep');
  });

  it('may retrain again on the day the cooldown ends, and not a day before', () => {
    const on = (days: number | null) => {
      const { kind } = decide({ ...quiet, drift: drifted, daysSinceAlarm: days });
      assert.equal(decide({ ...quiet, champion: stale, daysSinceRetrain: days }).kind, kind);
      return kind;
    };
    assert.equal(on(settings.cooldownDays - 1), 'keep');
    assert.equal(on(settings.cooldownDays), 'retrain');
    assert.equal(on(null), 'retrain', 'without a retrain before there is nothing to wait for');
  });

  it('may spend its last retrain, and not one more', () => {
    const after = (recentRetrains: number) => decide({ ...quiet, drift: drifted, recentRetrains }).kind;
    assert.equal(after(settings.budgetRetrains - 1), 'retrain');
    assert.equal(after(settings.budgetRetrains), 'keep');
  });

  it('lets a person retrain inside the cooldown and beyond the budget', () => {
    const decision = decide({ ...quiet, manual: 'please', daysSinceRetrain: 0, recentRetrains: 99 });
    assert.equal(decision.kind, 'retrain');
  });

  it('never exceeds cooldown or budget of its own accord', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(stable, drifted, unknown, null),
        fc.nat(200),
        fc.nat(40),
        fc.nat(20),
        (drift, age, since, recent) => {
          const decision = decide({
            ...quiet,
            drift,
            champion: { daysSinceValidation: age },
            daysSinceRetrain: since,
            daysSinceAlarm: since,
            recentRetrains: recent,
          });
          const allowed = since >= settings.cooldownDays && recent < settings.budgetRetrains;
          if (decision.kind === 'retrain') assert.ok(allowed);
          if (age > settings.staleAfterDays && allowed) assert.equal(decision.kind, 'retrain');
        },
      ),
    );
  });
});

describe('the defaults', () => {
  it('are those that the published figures of replay, gate and decay were measured with', () => {
    assert.deepEqual(settings, { staleAfterDays: 60, cooldownDays: 20, budgetRetrains: 12, budgetDays: 250 });
    assert.deepEqual(DEFAULT_GATE_SETTINGS, { policy: 'superior', level: 0.05, evidenceDays: 500 });
  });
});
