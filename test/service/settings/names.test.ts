import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance } from '../../../service/editDistance.ts';
import { KNOWN_SETTINGS } from '../../../service/settings/known.ts';
import { checkNames } from '../../../service/settings/names.ts';

const refused = (name: string, meant: string): void => {
  assert.throws(() => checkNames({ [name]: 'x' }), {
    code: 'INVALID_CONFIG',
    message: `${name} is not a setting; did you mean ${meant}?`,
  });
};

test('every setting of the registry is a setting', () => {
  assert.deepEqual(checkNames(Object.fromEntries(KNOWN_SETTINGS.map(({ name }) => [name, 'x']))), []);
});

test('a name that is nearly one is refused, with the one that was meant', () => {
  refused('SHEDULE', 'SCHEDULE');
  refused('STALE_AFTER_DAY', 'STALE_AFTER_DAYS');
  refused('SYMBOL', 'SYMBOLS');
  refused('ESTIMATOR_PROT', 'ESTIMATOR_PORT');
  refused('RETRAIN_BUGDET', 'RETRAIN_BUDGET');
  // With a prefix too many, or without its last words.
  refused('SHEPHERD_SCHEDULE', 'SCHEDULE');
  refused('ESTIMATOR_RATE_LIMIT_PER_MINUTE', 'RATE_LIMIT_PER_MINUTE');
  refused('STALE_AFTER', 'STALE_AFTER_DAYS');
  refused('COOLDOWN', 'COOLDOWN_DAYS');
});

test('any setting of five letters or more with one letter lost is told by what it was meant to be', () => {
  const long = KNOWN_SETTINGS.map(({ name }) => name).filter((name) => name.length > 4);
  fc.assert(
    fc.property(fc.constantFrom(...long), fc.nat(), (name, at) => {
      const lost = at % name.length;
      const typed = name.slice(0, lost) + name.slice(lost + 1);
      if (!/^[A-Z]/.test(typed)) return;
      let said: string[];
      try {
        said = checkNames({ [typed]: 'x' });
      } catch (error) {
        said = [String(error)];
      }
      assert.match(said.join(), /did you mean [A-Z_]+\?/, typed);
    }),
  );
});

test('an unknown name that is meant for us is a warning', () => {
  assert.deepEqual(checkNames({ SHEPHERD_COLOUR: 'red', GATE_KEEPER: 'x', STALE: '', DRIFT_CHECK: ' ' }), [
    'SHEPHERD_COLOUR is not a setting and has no effect; shepherd --help lists those there are.',
    'GATE_KEEPER is not a setting and has no effect; shepherd --help lists those there are.',
  ]);
});

test('what belongs to others is never refused', () => {
  const others = {
    PATH: '/bin',
    PORT: '80',
    HOME: '/root',
    POST: 'x',
    HOSTNAME: 'box',
    DATA: 'x',
    SOURCES: '',
    PGHOST: 'db',
    PGPASSWORD: 'x',
    DATABASE_HOST: 'db',
    POSTGRES_DB: 'shepherd',
    GF_SECURITY_ADMIN_PASSWORD: 'x',
    GRAFANA_TOKEN: 'x',
    COMPOSE_PROJECT_NAME: 'x',
    MLFLOW_TRACKING_USERNAME: 'x',
    HTTPS_PROXY: 'x',
    LOG_LEVEL: 'debug',
    NODE_ENV: 'production',
    SHEPHERD_SERVICE_HOST: '10.0.0.1',
    SHEPHERD_PORT_5001_TCP_ADDR: '10.0.0.1',
    npm_config_cache: 'x',
    schedule: 'x',
  };
  assert.deepEqual(checkNames(others), []);
  assert.deepEqual(checkNames({ DATABASE_ULR: 'postgres://db' }), [
    'DATABASE_ULR is not a setting and has no effect here; did you mean DATABASE_URL?',
  ]);
});

test('the distance counts letters to insert, delete or replace', () => {
  for (const [one, other, expected] of [
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['SHEDULE', 'SCHEDULE', 1],
    ['URL', 'ULR', 2],
  ] as const) {
    assert.equal(editDistance(one, other), expected);
    assert.equal(editDistance(other, one), expected);
  }
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b, c) => {
      assert.ok(editDistance(a, c) <= editDistance(a, b) + editDistance(b, c));
      assert.equal(editDistance(a, b) === 0, a === b);
    }),
  );
});
