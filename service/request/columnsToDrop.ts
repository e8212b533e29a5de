import { ShepherdError } from '../../core/errors.ts';

/**
 * The names in a form's `columns_to_drop`: empty, a JSON list such as ["variety"], or names between commas.
 * @throws ShepherdError INVALID_INPUT.
 */
export function parseColumnsToDrop(given: unknown): readonly string[] {
  const value = typeof given === 'string' && given.trim().startsWith('[') ? readList(given) : given;
  if (value === undefined || value === '') return [];
  if (typeof value === 'string') return value.split(',').map((name) => name.trim());
  if (Array.isArray(value) && value.every((name): name is string => typeof name === 'string')) return value;
  throw new ShepherdError(
    'INVALID_INPUT',
    'columns_to_drop is not a list of names; write for example columns_to_drop=["variety"], or nothing.',
  );
}

function readList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // refused as any other value that is no list of names
  }
}
