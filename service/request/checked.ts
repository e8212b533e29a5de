import type { Static, TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { ValueErrorType, type ValueError } from '@sinclair/typebox/errors';
import { ShepherdError } from '../../core/errors.ts';
import { expectation } from './expectation.ts';
import { askWhetherMeant } from './fields.ts';

/**
 * A function that gives back its argument as the type of `schema`, or says in one sentence what is wrong with it.
 * @param what is checked, for a fault of the whole.
 * @throws ShepherdError INVALID_INPUT naming the field, what was read and what was expected.
 */
export function checked<T extends TSchema>(schema: T, what = 'The request'): (value: unknown) => Static<T> {
  const compiled = TypeCompiler.Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return value;
    const fault = compiled.Errors(value).First();
    const sentence = fault === undefined ? `${what} has another shape than expected.` : sentenceOf(fault, what);
    throw new ShepherdError('INVALID_INPUT', sentence);
  };
}

function sentenceOf({ type, path, value, schema }: ValueError, what: string): string {
  const name = path.slice(1);
  const field = path === '' ? what : brief(name);
  if (type === ValueErrorType.ObjectRequiredProperty) {
    return `${field} is missing; expected ${expectation(schema)}.`;
  }
  if (type === ValueErrorType.ObjectAdditionalProperties) {
    const known = fieldsOf(schema);
    return `${field} is not a field here.${askWhetherMeant(name.split('/').at(-1) ?? '', known)} The fields are ${known.join(', ')}.`;
  }
  return `${field} is ${brief(value)}; expected ${expectation(schema)}.`;
}

/** The fields of an object's schema; none of any other. */
function fieldsOf(schema: TSchema): string[] {
  const { properties = {} } = schema as { properties?: object }; // TypeBox's objects have them, others have none
  return Object.keys(properties);
}

/** A value as it can be repeated in a sentence. */
export function brief(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value); // JSON has no Infinity
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
