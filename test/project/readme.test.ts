import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERROR_CODES } from '../../core/errors.ts';
import { KNOWN_SETTINGS } from '../../service/settings/known.ts';
import { COMMANDS } from '../../shepherd/cli/commands/index.ts';
import { projectRoot } from '../helpers/projectRoot.ts';

const read = (name: string): string => readFileSync(join(projectRoot, name), 'utf8');
const readme = read('README.md');

/** Cells of the table rows under a heading. */
function rowsUnder(heading: string): string[][] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('the table of errors is the registry of errors', () => {
  const expected = Object.entries(ERROR_CODES).map(([code, { status, exit, meaning }]) => [
    `\`${code}\``,
    String(status),
    String(exit),
    meaning,
  ]);
  assert.deepEqual(rowsUnder('Errors'), expected);
});

test('the table of commands is the list of commands', () => {
  const expected = COMMANDS.map(({ usage, summary }) => [`\`${usage.replaceAll('|', '\\|')}\``, summary]);
  assert.deepEqual(rowsUnder('Commands'), expected);
});

test('the table of settings is the registry of settings, and .env.example has the same names', () => {
  const expected = KNOWN_SETTINGS.map(({ name, byDefault, expected: range, perSeries, meaning }) => [
    `\`${name}\``,
    byDefault,
    range,
    perSeries ? 'yes' : '',
    meaning,
  ]);
  assert.deepEqual(rowsUnder('Configuration'), expected);
  const named = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  assert.deepEqual(
    named,
    KNOWN_SETTINGS.map(({ name }) => name),
  );
});

test('every npm command and every link to a file exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const asked = [...readme.matchAll(/\bnpm (?:run )?([a-z]+)\b/g)].map(([, name]) => name!);
  assert.ok(asked.length > 2);
  for (const name of asked) assert.ok(name in scripts || ['ci', 'install'].includes(name), `npm ${name}`);
  for (const [, target] of readme.matchAll(/\]\((?!http)([^)#]+)\)/g))
    assert.ok(existsSync(join(projectRoot, target!)), target);
  for (const [, name] of readme.matchAll(/npm run bench -- ([a-z-]+)/g))
    assert.ok(existsSync(join(projectRoot, 'bench', `${name!}.bench.ts`)), name);
});

test('the README holds no figure still to be filled in', () => {
  assert.doesNotMatch(readme, /^(STORY|ANSWER|RESULTS|CONFIG|COMMANDS|ERRORS)$/m);
});
