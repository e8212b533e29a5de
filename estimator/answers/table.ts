import { withoutColumns } from '../../core/tables/column.ts';
import { predictTable } from '../../core/tables/model.ts';
import { readAnyTable } from '../../service/csv/anyTable.ts';
import { parseColumnsToDrop } from '../../service/request/columnsToDrop.ts';
import type { UploadedForm } from '../../service/request/form.ts';
import type { TableAnswer } from '../schemas/table.ts';
import type { ServedTable } from '../serving/tables.ts';

/**
 * A prediction for each row of an uploaded table.
 * @throws ShepherdError INVALID_CSV for other columns, types or categories than the model knows, INVALID_INPUT.
 */
export async function answerTable(
  { name, version, model }: ServedTable,
  { file, fields }: UploadedForm,
): Promise<TableAnswer> {
  const table = await readAnyTable({ name: file?.name || 'The file', content: file?.content ?? new Uint8Array(0) });
  const rows = withoutColumns(table, parseColumnsToDrop(fields.get('columns_to_drop')));
  const { predictions, probabilities } = predictTable(model, rows);
  return {
    predictions: [...predictions],
    ...(probabilities !== undefined && {
      classes: [...model.classes],
      probabilities: probabilities.map((each) => [...each]),
    }),
    model: { table: name, version, type: model.type, target: model.target },
  };
}
