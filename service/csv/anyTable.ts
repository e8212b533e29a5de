import type { TableText } from '../../core/tables/column.ts';
import { openTable } from './table.ts';
import { csvError, type CsvInput } from './text.ts';

/**
 * A CSV of any columns as texts.
 * @throws ShepherdError INVALID_CSV naming the line of a row that is longer or shorter than the header.
 */
export async function readAnyTable(input: CsvInput): Promise<TableText> {
  const { name, header, rows } = await openTable(input);
  return {
    header: header.map((cell) => cell.trim()),
    rows: rows.map(({ cells, line }) => {
      if (cells.length === header.length) return cells;
      throw csvError(name, { line }, `has ${cells.length} cells where the header has ${header.length}`);
    }),
  };
}
