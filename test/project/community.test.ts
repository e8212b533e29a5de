import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { projectRoot } from '../helpers/projectRoot.ts';
import { runProgram, withClients } from '../clients/python.ts';

const read = (name: string): string => readFileSync(join(projectRoot, name), 'utf8');
const DOCUMENTS = ['README.md', 'DECISIONS.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
const workflows = readdirSync(join(projectRoot, '.github', 'workflows'));
const manifest = JSON.parse(read('package.json')) as {
  version: string;
  license: string;
  scripts: Record<string, string>;
};

for (const document of DOCUMENTS) {
  test(`every file that ${document} links to is there`, () => {
    for (const [, target] of read(document).matchAll(/\]\((?!http)([^)#]+)(?:#[^)]*)?\)/g))
      assert.ok(existsSync(join(projectRoot, target!)), target);
  });
}

test('every file that the architecture page and the contributing page name is there', () => {
  for (const document of ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md']) {
    for (const [, named] of read(document).matchAll(/`((?:[\w.]+\/)+[\w.]+)`/g))
      assert.ok(existsSync(join(projectRoot, named!)), `${document}: ${named!}`);
  }
});

test('the licence is the one that the package names, and the changelog knows the version of the package', () => {
  assert.equal(manifest.license, 'MIT');
  assert.match(read('LICENSE'), /^MIT License\n/);
  assert.ok(read('CHANGELOG.md').includes(`## ${manifest.version}\n`));
});

test('what the workflows and the development container run is there', () => {
  const texts = [...workflows.map((name) => `.github/workflows/${name}`), '.devcontainer/devcontainer.json'].map(read);
  for (const text of texts) {
    for (const [, script] of text.matchAll(/npm run ([a-z-]+)/g)) assert.ok(script! in manifest.scripts, script);
  }
  const systems = workflows.map(
    (name) => parse(read(`.github/workflows/${name}`)) as { jobs: Record<string, unknown> },
  );
  for (const { jobs } of systems) assert.match(JSON.stringify(jobs), /"run":"\.ci\/run"/);
  assert.match(JSON.stringify(systems), /macos-latest.*windows-latest/);
});

test("the workflows are as GitHub's own schema wants them", withClients, async () => {
  const files = workflows.map((name) => join(projectRoot, '.github', 'workflows', name));
  const { code, stdout } = await runProgram('check-jsonschema', [
    '--builtin-schema',
    'vendor.github-workflows',
    ...files,
  ]);
  assert.equal(code, 0, stdout);
});
