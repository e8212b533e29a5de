const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Where a dashboard colour changes and an alert fires; alerts/shepherd.rules.yml holds the same numbers, checked by a test. */
export const LIMITS = {
  /** By the calendar of the series itself, so weekends and holidays do not count. */
  missedDays: 1,
  /** One missed daily slot is caught up by the next; two are worth a look. */
  runAgeSeconds: 2 * DAY,
  /** Staleness asks for a retrain long before; past this, nobody has answered. */
  validatedAgeSeconds: 45 * DAY,
  /** A drift that no run has answered for so long. */
  driftAnswerSeconds: 3 * DAY,
  /** 1 − MSE/naive MSE over 60 days; naive is hard to beat, so only a clear loss alarms. */
  skill: -0.05,
  /** Of 60 independent bands at 90 %, fewer than 48 hold with a chance of 0.6 % (binomial). */
  coverage: 0.8,
  /** A prediction slower than this counts against the objective; the usual one takes under a millisecond. */
  predictSeconds: 0.1,
  /** Share of prediction requests that may fail, and share that may be slow, over 30 days. */
  failedShare: 0.005,
  slowShare: 0.01,
} as const;

/** Nominal coverage of the bands. */
export const LEVEL = 0.9;
