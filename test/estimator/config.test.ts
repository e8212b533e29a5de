import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../estimator/config.ts';

test('an empty environment gives the defaults, on loopback', () => {
  assert.deepEqual(readConfig({}), {
    host: '127.0.0.1',
    port: 5000,
    symbols: [],
    databaseUrl: undefined,
    bodyLimitBytes: 4 * 1024 * 1024,
    rateLimitPerMinute: 300_000,
    trustProxy: false,
    pollSeconds: 1,
    controlUrl: 'http://127.0.0.1:5001',
    logFormat: 'text',
  });
});

test('what is set is heeded; blanks count as unset; the estimator may have a login of its own', () => {
  const config = readConfig({
    HOST: '0.0.0.0',
    ESTIMATOR_PORT: '0',
    SYMBOLS: ' MSFT, BTC-USD,,',
    DATABASE_URL: 'postgres://shepherd',
    ESTIMATOR_DATABASE_URL: 'postgres://estimator',
    TRUST_PROXY: 'yes',
    LOG_FORMAT: ' ',
  });
  assert.equal(config.host, '0.0.0.0');
  assert.equal(config.port, 0);
  assert.deepEqual(config.symbols, ['MSFT', 'BTC-USD']);
  assert.equal(config.databaseUrl, 'postgres://estimator');
  assert.equal(config.trustProxy, true);
  assert.equal(config.logFormat, 'text');
});

test('what cannot be heeded is named with its value and what was expected', () => {
  for (const [name, value] of Object.entries({
    ESTIMATOR_PORT: '65536',
    BODY_LIMIT_BYTES: '1e6',
    RATE_LIMIT_PER_MINUTE: '0',
    ESTIMATOR_POLL_SECONDS: '-1',
    LOG_FORMAT: 'xml',
    TRUST_PROXY: 'true',
  })) {
    assert.throws(
      () => readConfig({ [name]: value }),
      ({ code, message }: { code: string; message: string }) =>
        code === 'INVALID_CONFIG' && message.startsWith(`${name} is "${value}"; expected `),
    );
  }
});
