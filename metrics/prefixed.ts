import type { Family } from './exposition.ts';

const PREFIX = 'shepherd_';

/** Read from the log of all estimators, while each estimator counts its own under the plain name: two meanings, two names. */
const APART: ReadonlyMap<string, string> = new Map([
  ['predict_duration_seconds', 'shepherd_prediction_log_duration_seconds'],
  ['predict_requests_total', 'shepherd_prediction_log_answers_total'],
]);

/** Every family under its name with the prefix, and for one release under the name it had before it as well. */
export function withPrefix(families: readonly Family[]): Family[] {
  return families.flatMap((family) =>
    family.name.startsWith(PREFIX)
      ? [family]
      : [{ ...family, name: APART.get(family.name) ?? `${PREFIX}${family.name}` }, family],
  );
}
