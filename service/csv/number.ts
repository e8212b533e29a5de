/** How a file writes numbers: `1,234.5` (point) or `1.234,5` (comma). */
export type DecimalMark = 'point' | 'comma';

const POINT = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:e[+-]?\d+)?$/i;
const COMMA = /^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?$/;
/** Ways to say that there is no value. `NaN` is not among them: it is a calculation gone wrong. */
const NOTHING = new Set(['', 'null', 'none', 'na', 'n/a', '#n/a', '-', '--']);

export function saysNothing(cell: string): boolean {
  return NOTHING.has(cell.toLowerCase());
}

/**
 * The mark under which most cells can be read. When both do, a file without commas in its numbers uses the point, one that is separated by
 * something else than commas uses the comma; in a comma-separated file `"1,234"` alone stays `unknown`.
 */
export function findDecimalMark(cells: readonly string[], separator: string): DecimalMark | 'unknown' {
  const said = cells.filter((cell) => !saysNothing(cell));
  const point = said.filter((cell) => POINT.test(cell)).length;
  const comma = said.filter((cell) => COMMA.test(cell)).length;
  if (point !== comma) return point > comma ? 'point' : 'comma';
  if (!said.some((cell) => cell.includes(','))) return 'point';
  return separator === ',' ? 'unknown' : 'comma';
}

/** The finite number in a cell, or `undefined` when there is none. */
export function readNumber(cell: string, mark: DecimalMark): number | undefined {
  if (!/\d/.test(cell) || !(mark === 'point' ? POINT : COMMA).test(cell)) return undefined;
  const plain = mark === 'point' ? cell.replaceAll(',', '') : cell.replaceAll('.', '').replace(',', '.');
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}
