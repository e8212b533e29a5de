import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig as readEstimator } from '../../estimator/config.ts';
import { readConfig as readMetrics } from '../../metrics/config.ts';
import { readConfig as readShepherd } from '../../shepherd/config.ts';
import { projectRoot } from '../helpers/projectRoot.ts';
import { compose, composeText, interpolations } from './composeFile.ts';

const READERS = { shepherd: readShepherd, estimator: readEstimator, metrics: readMetrics };

/** Names of the variables a configuration looks at. */
function namesRead(readConfig: (env: Readonly<Record<string, string | undefined>>) => unknown): Set<string> {
  const names = new Set<string>();
  const recorder = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  readConfig(recorder);
  return names;
}

const example = readFileSync(join(projectRoot, '.env.example'), 'utf8');
const settings = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map((match) => ({ name: match[1]!, value: match[2]! }));
const exampleNames = settings.map(({ name }) => name);

for (const [service, readConfig] of Object.entries(READERS)) {
  test(`Compose gives the ${service} only variables that it reads`, () => {
    const read = namesRead(readConfig);
    const given = Object.keys(compose.services[service]?.environment ?? {});
    assert.ok(given.includes('DATABASE_URL'));
    assert.deepEqual(
      given.filter((name) => !read.has(name)),
      [],
    );
  });

  test(`.env.example names every variable that the ${service} reads`, () => {
    const missing = [...namesRead(readConfig)].filter((name) => !exampleNames.includes(name));
    assert.deepEqual(missing, []);
  });
}

test('.env.example lists what Compose asks for, once each, with a reason before it', () => {
  const asked = new Set(interpolations(composeText).map(({ name }) => name));
  assert.deepEqual(
    [...asked].filter((name) => !exampleNames.includes(name)),
    [],
  );
  assert.equal(new Set(exampleNames).size, exampleNames.length);
  for (const block of example.split(/\n(?=#)/)) {
    if (/^[A-Z]/m.test(block)) assert.match(block, /^# \S.{10}/m, block);
  }
});

test('no secret has a default, and each refusal is one sentence that names the variable', () => {
  const asked = interpolations(composeText);
  const secrets = exampleNames.filter((name) => name.endsWith('PASSWORD'));
  assert.ok(secrets.length >= 5);
  for (const secret of secrets) {
    const uses = asked.filter(({ name }) => name === secret);
    assert.ok(uses.length > 0, secret);
    // Demanded at every use: Compose warns of each other one before it refuses.
    for (const { operator, text } of uses) {
      assert.equal(operator, ':?', secret);
      assert.match(text, new RegExp(`^Set ${secret} in \\.env.*\\.$`));
    }
    assert.equal(settings.find(({ name }) => name === secret)?.value, '', `${secret} has a value in .env.example`);
  }
});
