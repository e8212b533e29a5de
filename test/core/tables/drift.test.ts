import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chiSquareTail } from '../../../core/stats/chiSquare.ts';
import { fitColumns, withoutColumns, type TableText } from '../../../core/tables/column.ts';
import { assessColumns } from '../../../core/tables/drift.ts';
import { flowers } from './rows.ts';

const bare = (table: TableText): TableText => withoutColumns(table, ['variety']);
const REFERENCE = bare(flowers({ rows: 400, seed: 1 }));
const columns = fitColumns(REFERENCE);

test('tails of the chi-square distribution are as tabulated', () => {
  // Abramowitz & Stegun, table 26.8.
  for (const [x, dof, p] of [
    [3.841_458_820_694_124, 1, 0.05],
    [18.307_038_053_275_146, 10, 0.05],
    [0.020_100_671_707_002, 2, 0.99],
    [135.806_723_203_311, 100, 0.01],
  ] as const)
    assert.ok(Math.abs(chiSquareTail(x, dof) - p) < 1e-9, `${x} ${dof} ${chiSquareTail(x, dof)}`);
  assert.equal(chiSquareTail(0, 3), 1);
});

test('batches like the reference alarm about as often as the one budget allows, over all columns together', () => {
  const batches = 400;
  let alarms = 0;
  for (let seed = 100; seed < 100 + batches; seed += 1) {
    const drift = assessColumns(columns, REFERENCE, bare(flowers({ rows: 80, seed })), 0.05);
    assert.deepEqual(
      drift.map(({ test: kind }) => kind),
      ['ks', 'ks', 'chi-square'],
    );
    if (drift.some(({ drifted }) => drifted)) alarms += 1;
  }
  // All against one reference, so the rate is that reference's own; four standard errors above 5 %.
  assert.ok(alarms / batches < 0.05 + 4 * Math.sqrt((0.05 * 0.95) / batches), `${alarms} of ${batches}`);
});

test('a shifted column is named and the others are not; a shifted share of a category is found', () => {
  const shifted = assessColumns(columns, REFERENCE, bare(flowers({ rows: 200, seed: 7, shift: 1.5 })), 0.05);
  assert.deepEqual(
    shifted.filter(({ drifted }) => drifted).map(({ column }) => column),
    ['petal.length'],
  );
  const blue = bare(flowers({ rows: 200, seed: 8 }));
  const painted = {
    ...blue,
    rows: blue.rows.map((cells, i) => (i % 2 === 0 ? [cells[0]!, cells[1]!, 'blue'] : cells)),
  };
  const found = assessColumns(columns, REFERENCE, painted, 0.05);
  assert.deepEqual(
    found.filter(({ drifted }) => drifted).map(({ column }) => column),
    ['colour'],
  );
});
