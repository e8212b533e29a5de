import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import { brief } from '../../service/request/checked.ts';
import { readForm, requireMultipart, type UploadedForm } from '../../service/request/form.ts';
import { refusals, TURNED_AWAY } from '../../service/refusals.ts';
import { answerTable } from '../answers/table.ts';
import { TableAnswer, TableUpload } from '../schemas/table.ts';
import type { Admission } from '../serving/admission.ts';
import type { Tables } from '../serving/tables.ts';

const FIELDS: readonly string[] = ['columns_to_drop', 'name'];

/** The form of rows of a table is told from a series by the field of its file. */
export const isTableUpload = ({ file }: UploadedForm): boolean => file?.field === 'input_file';

/** @throws ShepherdError INVALID_INPUT, INVALID_CSV, UNKNOWN_TABLE. */
export async function answerUpload(tables: Tables, form: UploadedForm, name?: string): Promise<TableAnswer> {
  const odd = [...form.fields.keys()].find((field) => !FIELDS.includes(field));
  if (odd !== undefined)
    throw new ShepherdError(
      'INVALID_INPUT',
      `${brief(odd)} is not a field here; the fields are input_file, ${FIELDS.join(', ')}.`,
    );
  const wanted = name ?? form.fields.get('name');
  if (wanted !== undefined && typeof wanted !== 'string')
    throw new ShepherdError('INVALID_INPUT', `name is ${brief(wanted)}; expected the name of a table.`);
  const served = await tables.find(wanted);
  if (form.file === undefined)
    throw new ShepherdError('INVALID_INPUT', 'The form has no file; add the CSV as -F input_file=@rows.csv.');
  return answerTable(served, form);
}

/** Predictions for the rows of a table by the model that is in service. */
export function tableRoutes(
  app: FastifyInstance,
  { tables, admission }: { tables: Tables; admission: Admission },
): void {
  app.post<{ Params: { name: string } }>(
    '/tables/:name/predict',
    {
      schema: {
        tags: ['predict'],
        summary: 'A prediction for each row of a table',
        description:
          'By the model that was trained with `POST /tables/train` of the control service. `POST /predict` takes the same form, with the field `name`.',
        params: Type.Object({ name: Type.String({ description: 'The name of a table.' }) }),
        consumes: ['multipart/form-data'],
        body: { content: { 'multipart/form-data': { schema: TableUpload } } },
        response: {
          200: TableAnswer,
          ...refusals({
            INVALID_INPUT: 'The form has no file; add the CSV as -F input_file=@rows.csv.',
            INVALID_CSV: 'Row 3, column "petal.width": "wide" is not a number.',
            UNKNOWN_TABLE: 'There is no table "NOPE"; there are "iris".',
            PAYLOAD_TOO_LARGE: 'The body is too large; send less at once.',
            UNSUPPORTED_MEDIA_TYPE:
              'The body is of a type that is not read here; send application/json, or multipart/form-data with a CSV file.',
            ...TURNED_AWAY,
            DATABASE_UNAVAILABLE: 'The database is away just now; what is in memory is still answered.',
            OVERLOADED: 'This service is overloaded; try again in a moment.',
          }),
        },
      },
      validatorCompiler: () => () => true,
      serializerCompiler: () => JSON.stringify,
    },
    (request) => {
      requireMultipart(request, 'curl -F input_file=@rows.csv …');
      return admission.run(async () => answerUpload(tables, await readForm(request), request.params.name));
    },
  );
}
