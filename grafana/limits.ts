const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Where a dashboard colour changes and an alert fires; alerts/shepherd.rules.yml holds the same numbers, checked by a test. */
export const LIMITS = {
  /** Friday's close is the newest until Tuesday's pull when Monday is a holiday: four days, and one to spare. */
  dataAgeSeconds: 5 * DAY,
  /** One missed daily slot is caught up by the next; two are worth a look. */
  runAgeSeconds: 2 * DAY,
  /** Staleness asks for a retrain long before; past this, nobody has answered. */
  validatedAgeSeconds: 45 * DAY,
  /** A drift that no run has answered for so long. */
  driftAnswerSeconds: 3 * DAY,
  /** Share of its own limit at which a detector alarms. */
  detectorShare: 1,
  /** 1 − MSE/naive MSE over 60 days; naive is hard to beat, so only a clear loss alarms. */
  skill: -0.05,
  /** Of 60 independent bands at 90 %, fewer than 48 hold with a chance of 0.6 % (binomial). */
  coverage: 0.8,
  /** 99th percentile of one prediction; the usual one takes under a millisecond. */
  predictSeconds: 0.1,
} as const;

/** Nominal coverage of the bands. */
export const LEVEL = 0.9;
