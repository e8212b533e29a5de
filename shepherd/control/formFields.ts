import { ShepherdError } from '../../core/errors.ts';
import { brief } from '../../service/request/checked.ts';
import { askWhetherMeant } from '../../service/request/fields.ts';
import { findJsonFault } from '../../service/request/json.ts';

/** @throws ShepherdError INVALID_INPUT for a field that the form does not have, with the one that was meant. */
export function refuseOddFields(given: Iterable<string>, known: readonly string[]): void {
  const odd = [...given].find((name) => !known.includes(name));
  if (odd === undefined) return;
  throw new ShepherdError(
    'INVALID_INPUT',
    `${brief(odd)} is not a field here.${askWhetherMeant(odd, known)} The fields are ${known.join(', ')}.`,
  );
}

/**
 * The field `model_params`: JSON as text, or read already where its part says that it is JSON; {} where it is empty or absent.
 * @throws ShepherdError INVALID_INPUT naming the parameter that is wrong.
 */
export function readParameters<T>(given: unknown, check: (value: unknown) => T): T {
  const value = typeof given === 'string' && given.trim() !== '' ? readJson(given) : given === '' ? {} : (given ?? {});
  try {
    return check(value);
  } catch (error) {
    if (!(error instanceof ShepherdError)) throw error;
    throw new ShepherdError('INVALID_INPUT', `model_params: ${error.message}`, { cause: error });
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    const place = fault === undefined ? '' : ` from line ${fault.line}, column ${fault.column} on`;
    throw new ShepherdError(
      'INVALID_INPUT',
      `model_params is not JSON${place}; write for example {"units":[50,50],"dropout":0.1}.`,
      { cause },
    );
  }
}
