import { ShepherdError } from '../errors.ts';

declare const modelVersion: unique symbol;

/** The number of a stored model, 1 or more; versions count up over all series. Made by `parseVersion`, and by the database. */
export type ModelVersion = number & { readonly [modelVersion]: true };

export function isVersion(value: number): value is ModelVersion {
  return Number.isSafeInteger(value) && value >= 1;
}

/** @throws ShepherdError INVALID_INPUT. */
export function parseVersion(value: number): ModelVersion {
  if (isVersion(value)) return value;
  throw new ShepherdError('INVALID_INPUT', `${value} is not the version of a model; expected a whole number from 1.`);
}
