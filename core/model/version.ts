import { ShepherdError } from '../errors.ts';

declare const modelVersion: unique symbol;

/** The number of a stored model, 1 or more; versions count up over all series. Made by `parseVersion`, and by the database. */
export type ModelVersion = number & { readonly [modelVersion]: true };

function isVersion(value: number): value is ModelVersion {
  return Number.isSafeInteger(value) && value >= 1;
}

/** @throws ShepherdError INVALID_INPUT. */
export function parseVersion(given: number | string): ModelVersion {
  const value = Number(given);
  if (isVersion(value)) return value;
  const shown = String(given).slice(0, 40);
  throw new ShepherdError('INVALID_INPUT', `"${shown}" is not the version of a model; expected a whole number from 1.`);
}
