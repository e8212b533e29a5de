import type { FastifyRequest } from 'fastify';
import { Type } from '@sinclair/typebox';
import { ShepherdError } from '../core/errors.ts';
import { fieldsOf } from './plugins/bodies.ts';
import { checked } from '../service/request/checked.ts';
import { MAX_HORIZON } from './serving/servedSymbol.ts';
import { readValuesCsv, type ValuesCsv } from '../service/csv/priceFile.ts';

export interface CsvUpload {
  readonly symbol: string | undefined;
  readonly horizon: number;
  readonly series: ValuesCsv;
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
 * @throws ShepherdError INVALID_INPUT, INVALID_CSV; too large a file is the framework's own error.
 */
export async function readCsvUpload(request: FastifyRequest): Promise<CsvUpload> {
  const { file, name, fields } = await readParts(request);
  if (file === undefined) {
    throw new ShepherdError('INVALID_INPUT', 'The form has no file; send a CSV as the field "file".');
  }
  const { symbol, horizon, target_column: targetColumn } = checkFields(fieldsOf(fields));
  return { symbol, horizon: horizon ?? 1, series: await readValuesCsv({ name, content: file }, targetColumn) };
}

async function readParts(
  request: FastifyRequest,
): Promise<{ file: Buffer | undefined; name: string; fields: Record<string, unknown> }> {
  let file: Buffer | undefined;
  let name = '';
  const fields = new Map<string, unknown>();
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        file = await part.toBuffer();
        name = part.filename.slice(0, 60);
      } else fields.set(part.fieldname, part.value);
    }
  } catch (error) {
    const refusal = error as { statusCode?: number }; // the plugin's errors carry a status, the parser's own do not
    if (refusal.statusCode === 413) throw error;
    throw new ShepherdError(
      'INVALID_INPUT',
      'The multipart body is broken; send it as `curl -F file=@prices.csv` does.',
      {
        cause: error,
      },
    );
  }
  return { file, name: name === '' ? 'The file' : name, fields: Object.fromEntries(fields) };
}
