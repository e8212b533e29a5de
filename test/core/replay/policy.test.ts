import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_DECISION_SETTINGS as settings } from '../../../core/decide/settings.ts';
import { POLICIES, rulesOf } from '../../../core/replay/policy.ts';

describe('policies', () => {
  const seen = (policy: (typeof POLICIES)[number]) => {
    const { watchesDrift, watchesDecay } = rulesOf(policy, settings);
    return [watchesDrift, watchesDecay];
  };

  it('look at what their names say, and at nothing else', () => {
    assert.deepEqual(
      POLICIES.map((policy) => [policy, ...seen(policy)]),
      [
        ['never', false, false],
        ['weekly', false, false],
        ['monthly', false, false],
        ['stale', false, false],
        ['drift', true, false],
        ['decay', false, true],
        ['service', true, true],
      ],
    );
  });

  it('by the calendar retrain on the fifth and the twentieth day, bound by neither cooldown nor budget', () => {
    for (const [policy, days] of [
      ['weekly', 5],
      ['monthly', 20],
    ] as const) {
      assert.deepEqual(rulesOf(policy, settings).settings, {
        staleAfterDays: days - 1,
        cooldownDays: 0,
        budgetRetrains: Infinity,
        budgetDays: settings.budgetDays,
      });
    }
  });

  it('by an alarm are never stale but keep cooldown and budget; by staleness and as the service keep all', () => {
    for (const policy of ['never', 'drift', 'decay'] as const) {
      assert.deepEqual(rulesOf(policy, settings).settings, { ...settings, staleAfterDays: Infinity });
    }
    for (const policy of ['stale', 'service'] as const) assert.deepEqual(rulesOf(policy, settings).settings, settings);
  });
});
