import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../helpers/projectRoot.ts';

const FOLDERS = ['core', 'db', 'service', 'shepherd', 'estimator', 'metrics', 'grafana', 'lab', 'bench', 'bin', 'test'];
const DIRECTIVE = /(?:eslint|oxlint)-disable(?:-next-line|-line)?(?<told>.*)$/;

// A rule is switched off with the proof that the line may break it, such as the bound that keeps an index inside of its array.
test('every line that switches a rule off names the rule and says why it may', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const lines = files
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.includes('node_modules') && !file.endsWith('lint.test.ts'))
    .flatMap((file) =>
      readFileSync(join(projectRoot, file), 'utf8')
        .split('\n')
        .filter((line) => DIRECTIVE.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  assert.ok(lines.length > 50, `${lines.length} directives found`);
  const bare = lines.filter((line) => !/^ [\w@/, -]*\w -- \S.{10,}/.test(DIRECTIVE.exec(line)?.groups?.['told'] ?? ''));
  assert.deepEqual(bare, []);
});

test('the linter knows types: it sees a promise that nobody waits for, a condition that cannot fail and an index without proof', (t) => {
  const folder = mkdtempSync(join(projectRoot, 'core', 'probe-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'probe.ts');
  writeFileSync(
    file,
    `const later = (): Promise<number> => Promise.resolve(1);
export function first(values: readonly number[]): number {
  later();
  if (values.length !== undefined) return values[0]!;
  return 0;
}
`,
  );
  const linter = join(projectRoot, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { status, stdout } = spawnSync(process.execPath, [linter, '--format', 'json', file], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  assert.equal(status, 1, stdout);
  for (const rule of ['no-floating-promises', 'no-unnecessary-condition', 'no-non-null-assertion']) {
    assert.ok(stdout.includes(rule), `${rule} in ${stdout}`);
  }
});
