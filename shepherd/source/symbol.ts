import { ShepherdError } from '../../core/errors.ts';

/**
 * A symbol names rows, files and parts of URLs, so only the characters that exchanges use are allowed.
 * @throws ShepherdError INVALID_INPUT.
 */
export function requireSymbol(text: string): string {
  if (/^[A-Za-z0-9^=.\-_]{1,32}$/.test(text)) return text;
  throw new ShepherdError(
    'INVALID_INPUT',
    `${JSON.stringify(text.slice(0, 40))} is not a symbol; expected letters, digits and ^ = . - _, such as PETR4.SA.`,
  );
}
