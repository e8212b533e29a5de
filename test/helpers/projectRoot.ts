import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json; compiled tests lie in dist/test/helpers. */
export const projectRoot = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
