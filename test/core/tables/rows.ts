import { createRandom, normal } from '../../../core/random.ts';
import type { TableText } from '../../../core/tables/column.ts';

export interface FlowerOptions {
  readonly rows: number;
  readonly seed: number;
  /** Added to the petals of every flower. */
  readonly shift?: number;
  /** Classes are told by chance. */
  readonly shuffled?: boolean;
}

/** Flowers of three kinds, told apart by the length of their petals and their colour, with noise beside. */
export function flowers({ rows, seed, shift = 0, shuffled = false }: FlowerOptions): TableText {
  const random = createRandom(seed);
  const kinds = ['Setosa', 'Versicolor', 'Virginica'];
  return {
    header: ['petal.length', 'noise', 'colour', 'variety'],
    rows: Array.from({ length: rows }, () => {
      const kind = Math.floor(random() * 3);
      const told = shuffled ? Math.floor(random() * 3) : kind;
      return [
        (1.5 + 1.5 * kind + shift + 0.5 * normal(random)).toFixed(3),
        normal(random).toFixed(3),
        random() < 0.3 + 0.2 * kind ? 'blue' : 'white',
        kinds[told]!,
      ];
    }),
  };
}

export const toCsv = ({ header, rows }: TableText): string =>
  [header, ...rows].map((cells) => cells.join(',')).join('\n');
