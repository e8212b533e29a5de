import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../helpers/projectRoot.ts';

const PRODUCT = ['core', 'db', 'service', 'shepherd', 'estimator', 'metrics'];

/** Text that is no prose: coordinates of a picture. */
const NOT_PROSE = ['core/replay/picture.ts'];

test('numbers are made into words in core/prose alone', () => {
  for (const folder of PRODUCT) {
    for (const name of readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })) {
      const file = `${folder}/${name}`;
      if (!file.endsWith('.ts') || file.startsWith('core/prose/') || NOT_PROSE.includes(file)) continue;
      const text = readFileSync(join(projectRoot, file), 'utf8');
      // Rounding that stays a number is arithmetic.
      const odd =
        /(?<!Number\([^\n]*)\.(?:toFixed|toPrecision|toExponential|toLocaleString)\(|=== 1 \? ['"`](?:1|one)\b/.exec(
          text,
        );
      assert.equal(odd, null, `${file} formats a number itself: ${odd?.[0] ?? ''}`);
    }
  }
});
