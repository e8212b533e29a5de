import type { DecisionSettings } from '../decide/settings.ts';

/** When to retrain, as a replay compares it. */
export const POLICIES = ['never', 'weekly', 'monthly', 'stale', 'drift', 'decay', 'service'] as const;

export type Policy = (typeof POLICIES)[number];

/** What a policy lets the decision see, and the settings it decides by. */
export interface PolicyRules {
  readonly watchesDrift: boolean;
  readonly watchesDecay: boolean;
  readonly settings: DecisionSettings;
}

/** Five and twenty trading days, so that a month's trainings are among the week's and are made once for both. */
const WEEK = 5;
const MONTH = 20;

/**
 * - never: the first model for ever;
 * - weekly, monthly: by the calendar, whatever the data say, with no cooldown or budget;
 * - stale: when the champion has not been validated for `settings.staleAfterDays`;
 * - drift, decay: only on that alarm, within cooldown and budget;
 * - service: as the runs decide: on either alarm and when stale.
 */
export function rulesOf(policy: Policy, settings: DecisionSettings): PolicyRules {
  const blind = { watchesDrift: false, watchesDecay: false };
  const onAlarmOnly = { ...settings, staleAfterDays: Infinity };
  const every = (days: number): PolicyRules => ({
    ...blind,
    settings: { staleAfterDays: days - 1, cooldownDays: 0, budgetRetrains: Infinity, budgetDays: settings.budgetDays },
  });
  switch (policy) {
    case 'never':
      return { ...blind, settings: onAlarmOnly };
    case 'weekly':
      return every(WEEK);
    case 'monthly':
      return every(MONTH);
    case 'stale':
      return { ...blind, settings };
    case 'drift':
      return { ...blind, watchesDrift: true, settings: onAlarmOnly };
    case 'decay':
      return { ...blind, watchesDecay: true, settings: onAlarmOnly };
    case 'service':
      return { watchesDrift: true, watchesDecay: true, settings };
  }
}
