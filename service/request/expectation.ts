import type { TSchema } from '@sinclair/typebox';
import { plural } from '../../core/prose/plural.ts';

/** The parts of a JSON schema that sentences are made of. */
interface Described {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly anyOf?: readonly TSchema[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-expected'?: string;
}

/**
 * What a schema expects, in words that end a sentence: `a whole number from 1 to 60`.
 * A schema with a meaning of its own says it in `x-expected`; one with a pattern must, as nobody should have to read that.
 */
export function expectation(schema: TSchema): string {
  const described = schema as Described; // a TypeBox schema is JSON schema; what it lacks is absent
  if (described['x-expected'] !== undefined) return described['x-expected'];
  if (described.anyOf !== undefined) return described.anyOf.map(expectation).join(' or ');
  if (described.const !== undefined) return JSON.stringify(described.const);
  switch (described.type) {
    case 'integer':
      return `a whole number${range(described)}`;
    case 'number':
      return `a number${range(described)}`;
    case 'string':
      return `a text${size(described.minLength, described.maxLength, 'character')}`;
    case 'array':
      return `a list${size(described.minItems, described.maxItems, 'element')}`;
    case 'object':
      return 'an object';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    default:
      return 'another value';
  }
}

function range({ minimum, exclusiveMinimum, maximum }: Described): string {
  const above = exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`;
  const from = minimum === undefined ? above : ` from ${minimum}${maximum === undefined ? ' on' : ''}`;
  if (maximum === undefined) return from;
  if (minimum !== undefined) return `${from} to ${maximum}`;
  return above === '' ? ` of at most ${maximum}` : `${above}, at most ${maximum}`;
}

function size(least: number | undefined, most: number | undefined, unit: string): string {
  if (least !== undefined && most !== undefined) {
    return least === most ? ` of ${plural(most, unit)}` : ` of ${least} to ${plural(most, unit)}`;
  }
  if (least !== undefined) return ` of at least ${plural(least, unit)}`;
  return most === undefined ? '' : ` of at most ${plural(most, unit)}`;
}
