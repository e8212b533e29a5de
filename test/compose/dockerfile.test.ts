import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { validate } from 'dockerfile-utils';
import { projectRoot } from '../helpers/projectRoot.ts';

const read = (name: string): string => readFileSync(join(projectRoot, name), 'utf8');
const dockerfile = read('Dockerfile');
const lastStage = dockerfile.slice(dockerfile.lastIndexOf('FROM '));

test('the Dockerfile is sound and needs no frontend from outside', () => {
  assert.deepEqual(validate(dockerfile), []);
  assert.doesNotMatch(dockerfile, /# *syntax=/);
});

test('the image runs as a normal user with the packages of production alone', () => {
  assert.match(lastStage, /^USER node$/m);
  assert.match(lastStage, /COPY --from=packages \/app\/node_modules/);
  assert.match(dockerfile, /npm ci --omit=dev/);
  assert.match(lastStage, /^FROM node:22-/);
});

test('the build context holds what the image needs, and neither secrets nor data', () => {
  const rules = read('.dockerignore').split('\n');
  assert.ok(rules.includes('*'), 'nothing goes in unless it is named');
  const named = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const sources = ['bin', 'core', 'db', 'shepherd', 'estimator', 'metrics'];
  for (const needed of ['package.json', 'package-lock.json', 'tsconfig.json', ...sources]) {
    assert.ok(named.includes(needed), needed);
    assert.ok(existsSync(join(projectRoot, needed)), needed);
  }
  for (const secret of ['.env', '.data', '.git', 'node_modules']) assert.ok(!named.includes(secret), secret);
});

test('the image does without the bundled sample, a package of development', () => {
  // npm's own format
  const packages = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies', object>;
  assert.ok('vega-datasets' in packages.devDependencies);
  assert.ok(!('vega-datasets' in packages.dependencies));
});
