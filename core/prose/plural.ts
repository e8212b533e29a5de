import { wholeNumber } from './figures.ts';

/** A count with its noun: `1 bar`, `2 bars`, `4,968 new days`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? one : many}`;
}

/** `the last day`, `the last 60 days`. */
export function theLast(count: number, one: string, many?: string): string {
  return count === 1 ? `the last ${one}` : `the last ${plural(count, one, many)}`;
}
