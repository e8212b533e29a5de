import { ShepherdError } from '../errors.ts';

/** How the operator bounds false alarms. */
export type AlarmRule =
  /**
   * For a check repeated every trading day: on average one false alarm in so many trading days, where nothing has changed.
   * Windows of successive days share 59 of their 60 days, so false alarms come in clusters and the daily threshold that keeps
   * them this rare is near 5 to 10 %, not 1 / 252. A cluster counts once: at an alarm the model is retrained or found still the
   * best, the reference moves up to that day, and the window starts anew with the days after it (looked at from
   * `MINIMUM_CURRENT` on). Bench `alarm` counts under the same rule.
   */
  | { readonly kind: 'false-alarms'; readonly everyDays: number }
  /** For a single check: the probability of an alarm where nothing has changed. */
  | { readonly kind: 'level'; readonly level: number };

export interface DriftSetting {
  readonly rule: AlarmRule;
  /** Most recent changes that are looked at. */
  readonly windowDays: number;
  /** Changes before them, at most, that say what is normal. */
  readonly referenceDays: number;
}

/** One false alarm a trading year. 60 days is the model's own window; 1,000 days are four years, several spells of calm and storm. */
export const DEFAULT_DRIFT_SETTING: DriftSetting = {
  rule: { kind: 'false-alarms', everyDays: 252 },
  windowDays: 60,
  referenceDays: 1000,
};

/** For one comparison of two files. */
export const SINGLE_CHECK_SETTING: DriftSetting = { ...DEFAULT_DRIFT_SETTING, rule: { kind: 'level', level: 0.05 } };

/** Fewer changes than this in the current window leave the verdict undetermined: a month and a half, where power at twice the volatility is about a third. */
export const MINIMUM_CURRENT = 30;
/** Fewer changes than this in the reference leave it undetermined: a year, below which a GARCH fit says little about volatility's swings. */
export const MINIMUM_REFERENCE = 250;

/** Trading days between false alarms that can be asked for: a month to twenty years. */
export const ALARM_EVERY_DAYS = { least: 20, most: 5040 } as const;
export const MOST_CURRENT = 500;
export const MOST_REFERENCE = 10_000;

/** @throws ShepherdError INVALID_CONFIG for a setting out of range. */
export function parseDriftSetting(setting: DriftSetting): DriftSetting {
  const { rule, windowDays, referenceDays } = setting;
  const { least, most } = ALARM_EVERY_DAYS;
  if (rule.kind === 'false-alarms' && !(rule.everyDays >= least && rule.everyDays <= most)) {
    throw invalid('false alarms every', rule.everyDays, `${least} to ${most} trading days`);
  }
  if (rule.kind === 'level' && !(rule.level > 0 && rule.level < 0.5)) {
    throw invalid('level', rule.level, 'a number above 0 and below 0.5');
  }
  if (!(Number.isInteger(windowDays) && windowDays >= MINIMUM_CURRENT && windowDays <= MOST_CURRENT)) {
    throw invalid('window', windowDays, `a whole number of days from ${MINIMUM_CURRENT} to ${MOST_CURRENT}`);
  }
  if (!(Number.isInteger(referenceDays) && referenceDays >= MINIMUM_REFERENCE && referenceDays <= MOST_REFERENCE)) {
    throw invalid('reference', referenceDays, `a whole number of days from ${MINIMUM_REFERENCE} to ${MOST_REFERENCE}`);
  }
  if (windowDays > referenceDays) {
    throw invalid('window', windowDays, `at most the ${referenceDays} days of its reference`);
  }
  return setting;
}

function invalid(name: string, value: number, expected: string): ShepherdError {
  return new ShepherdError('INVALID_CONFIG', `The drift check's ${name} is ${value}; expected ${expected}.`);
}
