import { editDistance } from '../editDistance.ts';

/** Letters that a misspelt name may be away from the one that was meant. */
const MOST_TYPOS = 2;

/** The field that a name nearly is; `undefined` where none is near. */
export function nearestField(name: string, known: readonly string[]): string | undefined {
  const written = name.slice(0, 40).toLowerCase().replaceAll('-', '_'); // a name of megabytes costs no comparison
  const [near] = known
    .map((field) => ({ field, distance: editDistance(written, field.toLowerCase()) }))
    .filter(({ field, distance }) => distance <= Math.min(MOST_TYPOS, field.length - 2))
    .sort((a, b) => a.distance - b.distance);
  return near?.field;
}

/** ` Did you mean "horizon"?`, or nothing. */
export function askWhetherMeant(name: string, known: readonly string[]): string {
  const near = nearestField(name, known);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}
