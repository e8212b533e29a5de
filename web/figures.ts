import { language } from './words.ts';

/** Every value of a series is written with as many decimals: two, or more where it is small. */
export function decimalsFor(value: number): number {
  return value === 0 ? 2 : Math.min(8, Math.max(2, 3 - Math.floor(Math.log10(Math.abs(value)))));
}

export function figure(value: number, decimals: number): string {
  return new Intl.NumberFormat(language(), {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
}

export function percent(value: number | null): string {
  if (value === null) return '–';
  return new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 1 }).format(value);
}

/** A moment of the record as people read it, UTC. */
export const moment = (at: string): string => at.slice(0, 16).replace('T', ' ');
