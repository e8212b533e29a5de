import { ShepherdError } from './errors.ts';

declare const runId: unique symbol;

/** The number of a run, as text, since the database counts further than a number does. Made by `parseRunId`, and by the database. */
export type RunId = string & { readonly [runId]: true };

/** Below the largest number that the database counts to. */
export const RUN_ID_PATTERN = '^[1-9]\\d{0,17}$';

function isRunId(text: string): text is RunId {
  return new RegExp(RUN_ID_PATTERN).test(text);
}

/** @throws ShepherdError INVALID_INPUT. */
export function parseRunId(text: string): RunId {
  if (isRunId(text)) return text;
  throw new ShepherdError('INVALID_INPUT', `"${text.slice(0, 40)}" is not the number of a run; expected digits.`);
}
