import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../helpers/projectRoot.ts';

/** Which of our folders a folder may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  db: ['core'],
  service: ['core', 'db'],
  shepherd: ['core', 'db', 'service'],
  estimator: ['core', 'db', 'service'],
  metrics: ['core', 'db', 'service'],
  grafana: [],
  lab: ['core', 'db', 'service', 'estimator'],
  bench: ['core', 'db', 'service', 'shepherd', 'estimator', 'metrics', 'lab'],
};

const TOP_FOLDERS = [...Object.keys(MAY_IMPORT), 'web', 'bin', 'test'];

test('each folder at the top says in at most fifteen lines what lives there, what it may import and where to begin', () => {
  for (const folder of TOP_FOLDERS) {
    const text = readFileSync(join(projectRoot, folder, 'README.md'), 'utf8');
    assert.ok(text.trimEnd().split('\n').length <= 15, `${folder}/README.md is too long`);
    assert.match(text, /begin|Begin|only product code/, `${folder}/README.md does not say where to begin`);
    for (const allowed of MAY_IMPORT[folder] ?? []) {
      assert.match(
        text,
        new RegExp(`\\b${allowed}\\b|imports? everything`),
        `${folder}/README.md does not name ${allowed}`,
      );
    }
    for (const [, named] of text.matchAll(/`([\w/]+\/[\w.]*|[\w]+\.(?:ts|mjs|md|sql))`/g)) {
      const places = [join(projectRoot, folder, named!), join(projectRoot, named!)];
      assert.ok(
        places.some((place) => existsSync(place)),
        `${folder}/README.md names ${named!}`,
      );
    }
  }
});

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('assembly'))
    .map((name) => join(projectRoot, folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    specifier: match[1] ?? match[2] ?? match[3]!,
  }));
}

const name = (file: string): string => relative(projectRoot, file);

for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
  test(`${folder} imports only ${['itself', ...allowed].join(', ')}`, () => {
    const imports = sources(folder).flatMap(importsOf);
    assert.ok(folder === 'grafana' || imports.length > 0, 'the scan found no import at all');
    for (const { file, specifier } of imports.filter((each) => each.specifier.startsWith('.'))) {
      const target = relative(projectRoot, resolve(dirname(file), specifier)).split(sep)[0]!;
      assert.ok(target === folder || allowed.includes(target), `${name(file)} imports ${specifier}`);
    }
  });
}

test('tests import no bench: what both measure by stands in lab', () => {
  for (const { file, specifier } of sources('test').flatMap(importsOf)) {
    if (!specifier.startsWith('.')) continue;
    const target = relative(projectRoot, resolve(dirname(file), specifier)).split(sep)[0];
    assert.notEqual(target, 'bench', `${name(file)} imports ${specifier}`);
  }
});

test('core meets no clock, environment, file or network, and few packages', () => {
  for (const file of sources('core')) {
    for (const { specifier } of importsOf(file)) {
      if (specifier.startsWith('.')) continue;
      const numeric =
        specifier === 'simple-statistics' ||
        specifier === 'node:crypto' ||
        (specifier === 'node:v8' && file.endsWith('core/model/kernel/modules.ts')) ||
        specifier.startsWith('@sinclair/typebox') ||
        (specifier.startsWith('@tensorflow/') && name(file).includes('model'));
      assert.ok(numeric, `${name(file)} imports ${specifier}`);
    }
    const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    for (const impurity of [
      /\bDate\.now\b/,
      /\bnew Date\(\)/,
      /\bprocess\./,
      /\bMath\.random\b/,
      /\bconsole\./,
      /\bfetch\(/,
    ]) {
      assert.doesNotMatch(text, impurity, `${name(file)} is not pure`);
    }
  }
});

test('only db imports pg or holds SQL', () => {
  for (const folder of ['core', 'service', 'shepherd', 'estimator', 'metrics']) {
    for (const file of sources(folder)) {
      assert.ok(!importsOf(file).some(({ specifier }) => specifier === 'pg'), `${name(file)} imports pg`);
      assert.doesNotMatch(
        readFileSync(file, 'utf8'),
        /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+[\w*"(]+/,
        `${name(file)} holds SQL`,
      );
    }
  }
});

test('files are named for their subject and stay readable', () => {
  for (const file of Object.keys(MAY_IMPORT)
    .filter((folder) => folder !== 'lab')
    .flatMap(sources)) {
    assert.doesNotMatch(file, /(utils?|helpers?|common|misc)(\.ts|\/)/i, `${name(file)} has no subject`);
    const lines = readFileSync(file, 'utf8').split('\n').length;
    assert.ok(lines <= 260, `${name(file)} has ${lines} lines`);
  }
});

test('modules import in one direction: no cycles, of types neither', () => {
  const graph = new Map<string, string[]>();
  for (const file of Object.keys(MAY_IMPORT).flatMap(sources)) {
    graph.set(
      file,
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => resolve(dirname(file), specifier)),
    );
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `cycle: ${[...path, file].map(name).join(' -> ')}`);
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});
