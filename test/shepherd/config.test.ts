import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShepherdError } from '../../core/errors.ts';
import { readConfig } from '../../shepherd/config.ts';

test('without settings the sample plays, its own feed is the clock, and control is off', () => {
  const config = readConfig({});
  assert.equal(config.source, 'sample');
  assert.deepEqual(config.symbols, ['GSPC']);
  assert.equal(config.schedule, undefined);
  assert.equal(config.token, undefined);
  assert.equal(config.host, '127.0.0.1');
});

test('other feeds run on a schedule', () => {
  const config = readConfig({ SOURCE: 'yahoo', SYMBOLS: 'MSFT, PETR4.SA,MSFT', SCHEDULE: '' });
  assert.equal(config.schedule, '15 22 * * *');
  assert.deepEqual(config.symbols, ['MSFT', 'PETR4.SA']);
});

for (const [name, value] of [
  ['SOURCE', 'bloomberg'],
  ['SCHEDULE', 'every day'],
  ['SHEPHERD_PORT', '70000'],
  ['SHEPHERD_TOKEN', 'short'],
  ['SYMBOLS', 'MSFT;DROP TABLE'],
  ['SAMPLE_DAY_SECONDS', 'NaN'],
  ['LOG_FORMAT', 'xml'],
] as const) {
  test(`a wrong ${name} is refused in one sentence that names it`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error: unknown) =>
        error instanceof ShepherdError && error.code === 'INVALID_CONFIG' && error.message.startsWith(`${name} is `),
    );
  });
}
