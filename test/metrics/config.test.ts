import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShepherdError } from '../../core/errors.ts';
import { readConfig } from '../../metrics/config.ts';

test('with nothing set it listens on loopback at 9464', () => {
  assert.deepEqual(readConfig({}), { host: '127.0.0.1', port: 9464, databaseUrl: undefined, logFormat: 'text' });
});

test('its own database variable comes before the common one, and an empty one counts as unset', () => {
  const common = { DATABASE_URL: 'postgres://common' };
  assert.equal(readConfig(common).databaseUrl, 'postgres://common');
  assert.equal(readConfig({ ...common, METRICS_DATABASE_URL: 'postgres://own' }).databaseUrl, 'postgres://own');
  assert.equal(readConfig({ ...common, METRICS_DATABASE_URL: ' ' }).databaseUrl, 'postgres://common');
});

for (const [name, value] of [
  ['METRICS_PORT', '70000'],
  ['METRICS_PORT', '94.64'],
  ['METRICS_PORT', 'http'],
  ['LOG_FORMAT', 'xml'],
] as const) {
  test(`${name}=${value} is refused by name`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) =>
        error instanceof ShepherdError &&
        error.code === 'INVALID_CONFIG' &&
        error.message.includes(`${name} is "${value}"`),
    );
  });
}
