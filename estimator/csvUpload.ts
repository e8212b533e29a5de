import { Type } from '@sinclair/typebox';
import { ShepherdError } from '../core/errors.ts';
import { fieldsOf } from './plugins/bodies.ts';
import { checked } from '../service/request/checked.ts';
import type { UploadedForm } from '../service/request/form.ts';
import { MAX_HORIZON } from './serving/servedSymbol.ts';
import { readValuesCsv, type ValuesCsv } from '../service/csv/priceFile.ts';

export interface CsvUpload {
  readonly symbol: string | undefined;
  readonly horizon: number;
  /** @throws ShepherdError INVALID_CSV. */
  readonly readSeries: () => Promise<ValuesCsv>;
}

const checkFields = checked(
  Type.Object(
    {
      symbol: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      horizon: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_HORIZON })),
      target_column: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    },
    { additionalProperties: false },
  ),
);

/**
 * The CSV file and fields of a multipart request.
 * @throws ShepherdError INVALID_INPUT.
 */
export function readCsvUpload({ file, fields }: UploadedForm): CsvUpload {
  if (file === undefined) {
    throw new ShepherdError('INVALID_INPUT', 'The form has no file; send a CSV as the field "file".');
  }
  const { symbol, horizon, target_column: targetColumn } = checkFields(fieldsOf(Object.fromEntries(fields)));
  return {
    symbol,
    horizon: horizon ?? 1,
    readSeries: () => readValuesCsv({ content: file.content, name: file.name || 'The file' }, targetColumn),
  };
}
