import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of real daily prices used for evaluation, which is not part of the project:
 * `SHEPHERD_EVAL_DATA`, or `shared/data` in a folder above. `undefined` when there is none.
 */
export function findEvaluationData(): string | undefined {
  const named = process.env['SHEPHERD_EVAL_DATA'];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let depth = 0; depth < 6; depth += 1) {
    const candidate = join(folder, 'shared', 'data');
    if (existsSync(candidate)) return candidate;
    folder = dirname(folder);
  }
  return undefined;
}
