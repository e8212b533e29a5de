import type { NonEmpty } from '../../core/nonEmpty.ts';

/** A program with its options, run by way of `prefix`: a program of its own with its options, or nothing. */
export function commandLine(prefix: readonly string[], program: string, options: readonly string[]): NonEmpty<string> {
  const [first, ...more] = prefix;
  return first === undefined ? [program, ...options] : [first, ...more, program, ...options];
}
