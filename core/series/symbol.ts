import { ShepherdError } from '../errors.ts';

declare const seriesSymbol: unique symbol;

/** The name of a series. It names rows, files and parts of URLs, so only the characters that exchanges use are allowed. Made by `parseSymbol` alone. */
export type SeriesSymbol = string & { readonly [seriesSymbol]: true };

export const SYMBOL_PATTERN = '^[A-Za-z0-9^=.\\-_]{1,32}$';

export function isSymbol(text: string): text is SeriesSymbol {
  return new RegExp(SYMBOL_PATTERN).test(text);
}

/** @throws ShepherdError INVALID_INPUT. */
export function parseSymbol(text: string): SeriesSymbol {
  if (isSymbol(text)) return text;
  const read = JSON.stringify(text.slice(0, 40));
  throw new ShepherdError(
    'INVALID_INPUT',
    `${read} is not a symbol; expected letters, digits and ^ = . - _, such as PETR4.SA.`,
  );
}
