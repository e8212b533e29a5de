import { ShepherdError } from '../../core/errors.ts';
import { editDistance } from '../editDistance.ts';
import { KNOWN_SETTINGS } from './known.ts';
import type { Environment } from './read.ts';

const KNOWN: readonly string[] = KNOWN_SETTINGS.map(({ name }) => name);

/** A name that begins with one of these is meant for us. */
const OURS = /^(SHEPHERD|ESTIMATOR|STALE|COOLDOWN|RETRAIN|DRIFT|GATE|TRAINING)(_|$)/;

/** Names of programs that may share our environment; nearly one of ours is still theirs. */
const THEIRS =
  /^(DATABASE|PG|POSTGRES|GF|GRAFANA|PROMETHEUS|COMPOSE|DOCKER|KUBERNETES|MLFLOW|NODE|NPM|OTEL|AWS|GOOGLE|AZURE|CI|GITHUB|GITLAB)(_|[A-Z]*$)/;

/** What Kubernetes and Docker links tell of a service that happens to be called `shepherd`. */
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP)(_|$)|_ENV_/;

/**
 * Looks for settings that nobody reads, so that none is believed to be set that is not.
 * @returns a sentence for each that is likely ours and unknown.
 * @throws ShepherdError INVALID_CONFIG for a name that is nearly one of ours: what it says would be passed over.
 */
export function checkNames(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name) || value === undefined || value.trim() === '') return [];
    if (KNOWN.includes(name) || SERVICE_LINK.test(name)) return [];
    const meant = meantBy(name);
    if (meant !== undefined && !THEIRS.test(name)) {
      throw new ShepherdError('INVALID_CONFIG', `${name} is not a setting; did you mean ${meant}?`);
    }
    if (meant !== undefined) return [`${name} is not a setting and has no effect here; did you mean ${meant}?`];
    if (!OURS.test(name)) return [];
    return [`${name} is not a setting and has no effect; shepherd --help lists those there are.`];
  });
}

/** The setting that a name nearly is: a few letters away, with a prefix too many, or without its last words. */
export function meantBy(name: string): string | undefined {
  const near = KNOWN.map((known) => ({ known, distance: editDistance(name, known) }))
    .filter(({ known, distance }) => distance <= mostTypos(known))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near !== undefined) return near.known;
  if (!OURS.test(name)) return undefined;
  const unprefixed = name.replace(OURS, '');
  if (KNOWN.includes(unprefixed)) return unprefixed;
  const longer = KNOWN.filter((known) => known.startsWith(`${name}_`));
  return longer.length === 1 ? longer[0] : undefined;
}

/** In a short name two letters make another word: `POST` is not `HOST`. */
function mostTypos(known: string): number {
  if (known.length <= 4) return 0;
  return known.length <= 7 ? 1 : 2;
}
