import type { Changes } from '../../series/transform.ts';
import { MINIMUM_CURRENT, MINIMUM_REFERENCE } from '../setting.ts';
import { momentsOf } from '../../stats/moments.ts';
import { looksLikeLevels } from './levelsGuard.ts';
import type { DriftObstacle, UndeterminedDrift } from './report.ts';

/** Something that stands against a verdict, with the sentence that says so. */
interface Obstacle {
  readonly kind: DriftObstacle;
  readonly reason: string;
}

/** Why `reference` cannot be fitted and compared with, or null. */
export function obstacleOfReference(reference: Changes): Obstacle | null {
  if (reference.length < MINIMUM_REFERENCE) {
    const reason = `The reference has ${reference.length} changes; a verdict needs ${MINIMUM_REFERENCE}.`;
    return { kind: 'short-reference', reason };
  }
  // A deviation that is not a number is left for the test, which says which value is not finite.
  if (momentsOf(reference).deviation === 0) {
    return { kind: 'constant-reference', reason: 'The reference never changes; nothing can be compared with it.' };
  }
  return looksLikeLevels(reference) ? likeLevels(reference, 'reference') : null;
}

/** Why the two windows cannot be compared, or null. */
export function findObstacle(reference: Changes, current: Changes): Obstacle | null {
  const ofReference = obstacleOfReference(reference);
  if (ofReference?.kind === 'short-reference') return ofReference;
  if (current.length < MINIMUM_CURRENT) {
    const reason = `The current window has ${current.length} changes; a verdict needs ${MINIMUM_CURRENT}.`;
    return { kind: 'short-window', reason };
  }
  return ofReference ?? (looksLikeLevels(current) ? likeLevels(current, 'current') : null);
}

/** Prices given for returns, or the returns of a series that only rises: their distribution says nothing of drift. */
function likeLevels(values: Changes, name: 'reference' | 'current'): Obstacle {
  const reason =
    `The ${name} values are all of one sign or wander, as price levels do (they run from ${String(values[0])} to ${String(values.at(-1))}), ` +
    'so their distribution cannot be compared.';
  return { kind: 'like-levels', reason };
}

export function undetermined(reference: Changes, current: Changes, { kind, reason }: Obstacle): UndeterminedDrift {
  return {
    verdict: 'undetermined',
    obstacle: kind,
    statistic: null,
    rawP: null,
    rawMethod: null,
    calibratedP: null,
    bootstrapP: null,
    threshold: null,
    referenceSize: reference.length,
    currentSize: current.length,
    cause: null,
    evidence: null,
    reason,
    limit: null,
  };
}
