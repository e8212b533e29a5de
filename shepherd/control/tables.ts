import { Type, type Static } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';
import { SYMBOL_PATTERN, parseSymbol, type SeriesSymbol } from '../../core/series/symbol.ts';
import { MODEL_TYPES, TableParameters, type ModelType } from '../../core/tables/model.ts';
import { readAnyTable } from '../../service/csv/anyTable.ts';
import { brief, checked } from '../../service/request/checked.ts';
import { parseColumnsToDrop } from '../../service/request/columnsToDrop.ts';
import { readForm, requireMultipart, type UploadedForm } from '../../service/request/form.ts';
import type { TableTraining } from '../tables/train.ts';
import { ActHeaders, describeControl } from './describe.ts';
import { readParameters, refuseOddFields } from './formFields.ts';

/** The name of a table whose form gives none. */
const DEFAULT_NAME = 'table';

/** A table of any columns, as multipart form data. */
const TableForm = Type.Object(
  {
    dataset_file: Type.String({
      format: 'binary',
      description: 'A CSV with a header line.',
      examples: [`size,grade\n${Array.from({ length: 24 }, (_, i) => `${i},${i % 3}`).join('\n')}\n`],
    }),
    model_type: Type.Union(MODEL_TYPES.map((type) => Type.Literal(type))),
    target_column: Type.String({ description: 'The column to predict.', examples: ['grade'] }),
    model_params: Type.Optional(TableParameters),
    columns_to_drop: Type.Optional(
      Type.String({ description: 'Columns to leave out, as ["a","b"] or a,b; may be empty.', examples: [''] }),
    ),
    name: Type.Optional(
      Type.String({ pattern: SYMBOL_PATTERN, description: `Of the table; default: ${DEFAULT_NAME}.` }),
    ),
  },
  { title: 'Table', additionalProperties: false },
);

const checkParameters = checked(TableParameters, 'The JSON');

const FIELDS: readonly string[] = Object.keys(TableForm.properties);

/** The form of a table is told from that of a series by the field of its file. */
export const isTableForm = ({ file }: UploadedForm): boolean => file?.field === 'dataset_file';

/** @throws ShepherdError INVALID_INPUT, INVALID_CSV. */
export async function parseTableForm({ file, fields }: UploadedForm): Promise<TableTraining> {
  if (file === undefined)
    throw new ShepherdError('INVALID_INPUT', 'The form has no file; add the CSV as -F dataset_file=@table.csv.');
  refuseOddFields(fields.keys(), FIELDS);
  const text = (name: string, missing = ''): string => {
    const value = fields.get(name) ?? missing;
    if (typeof value === 'string') return value;
    throw new ShepherdError('INVALID_INPUT', `${name} is ${brief(value)}; expected a text.`);
  };
  const type = text('model_type');
  if (!isModelType(type)) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `model_type is ${brief(type)}; expected one of ${MODEL_TYPES.join(', ')}.`,
    );
  }
  const target = text('target_column');
  if (target === '') throw new ShepherdError('INVALID_INPUT', 'target_column is missing; name the column to predict.');
  return {
    name: parseSymbol(text('name', DEFAULT_NAME)),
    type,
    target,
    parameters: readParameters(fields.get('model_params'), checkParameters),
    dropped: parseColumnsToDrop(fields.get('columns_to_drop')),
    table: await readAnyTable({ name: file.name || 'The file', content: file.content }),
  };
}

const isModelType = (text: string): text is ModelType => MODEL_TYPES.some((type) => type === text);

const Rollback = Type.Object(
  {
    name: Type.Unsafe<SeriesSymbol>(Type.String({ pattern: SYMBOL_PATTERN, 'x-expected': 'the name of a table' })),
    reason: Type.String({ minLength: 3, maxLength: 500, 'x-expected': 'a reason of 3 to 500 characters' }),
  },
  { additionalProperties: false },
);

export interface TableActions {
  trainTable(training: TableTraining): Promise<object>;
  listTables(): Promise<readonly object[]>;
  rollBackTable(request: Static<typeof Rollback>): Promise<object>;
}

const trainSchema = {
  headers: ActHeaders,
  ...describeControl(200, {
    summary: 'Train a model on a table of any columns',
    description:
      'The batch is checked against the rows there are, column by column; a model is trained on all rows but a quarter of the batch, and ' +
      'promoted where it is proven better there than the one in service. `POST /train` takes the same form. Ask the estimator for ' +
      'predictions with `POST /tables/{name}/predict`.',
    example: {
      table: 'iris',
      version: 1,
      type: 'RandomForestClassifier',
      target: 'variety',
      promoted: true,
      rows: 150,
    },
    refused: {
      INVALID_CSV: 'The table lacks "sepal.width"; the model reads "sepal.length", "sepal.width".',
      TOO_FEW_VALUES: 'A batch needs at least 20 rows, a quarter of which is held out; this one has 12.',
      CONFLICT:
        'This table has a RandomForestClassifier of "variety"; train another target or kind under another name.',
      PAYLOAD_TOO_LARGE: 'The file is too large; send less at once.',
      UNSUPPORTED_MEDIA_TYPE: 'The body is of a type that is not read here; send multipart/form-data with a CSV file.',
    },
  }),
  consumes: ['multipart/form-data'],
  body: { content: { 'multipart/form-data': { schema: TableForm } } },
};

/** What is kept of tables, how they are trained, and the way back. */
export function registerTables(app: FastifyInstance, actions: TableActions): void {
  app.get(
    '/tables',
    {
      schema: describeControl(200, {
        summary: 'Tables and their models in service',
        description: 'With the held-out figures of each, and the drift of its newest batch by column.',
        example: { tables: [] },
      }),
    },
    async () => ({ tables: await actions.listTables() }),
  );
  app.post('/tables/train', { schema: trainSchema, validatorCompiler: () => () => true }, async (request) => {
    requireMultipart(
      request,
      'curl -F dataset_file=@table.csv -F model_type=RandomForestClassifier -F target_column=COLUMN …',
    );
    return actions.trainTable(await parseTableForm(await readForm(request)));
  });
  app.post<{ Body: Static<typeof Rollback> }>(
    '/tables/rollback',
    {
      schema: {
        body: Rollback,
        headers: ActHeaders,
        ...describeControl(200, {
          summary: "Put a table's previous model back into service",
          description: 'Its reason is stored with the act.',
          example: { table: 'iris', from: 2, to: 1 },
          refused: {
            UNKNOWN_TABLE: 'There is no table iris; GET /tables lists those there are.',
            NO_CHAMPION: 'Table iris has no earlier model to go back to.',
          },
        }),
      },
    },
    ({ body }) => actions.rollBackTable(body),
  );
}
