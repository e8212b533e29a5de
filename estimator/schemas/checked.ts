import type { Static, TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { ShepherdError } from '../../core/errors.ts';

/**
 * A function that gives back its argument as the type of `schema`, or says in one sentence what is wrong with it.
 * @throws ShepherdError INVALID_INPUT naming the field, what was read and what was expected.
 */
export function checked<T extends TSchema>(schema: T): (value: unknown) => Static<T> {
  const compiled = TypeCompiler.Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return value;
    const fault = compiled.Errors(value).First();
    const field = fault === undefined || fault.path === '' ? 'The request' : `"${fault.path.slice(1)}"`;
    const expectation = (fault?.message ?? 'Expected another shape').replace(/^./, (first) => first.toLowerCase());
    throw new ShepherdError('INVALID_INPUT', `${field} is ${brief(fault?.value)}; ${expectation}.`);
  };
}

/** A value as it can be repeated in a sentence. */
export function brief(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value); // JSON has no Infinity
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
