import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig as readEstimator } from '../../../estimator/config.ts';
import { readConfig as readMetrics } from '../../../metrics/config.ts';
import { KNOWN_SETTINGS, SETTINGS, type SettingReader } from '../../../service/settings/known.ts';
import type { Environment } from '../../../service/settings/read.ts';
import { readConfig as readShepherd } from '../../../shepherd/config.ts';

const READERS: Partial<Record<SettingReader, (env: Environment) => unknown>> = {
  shepherd: readShepherd,
  estimator: readEstimator,
  metrics: readMetrics,
};

for (const [reader, readConfig] of Object.entries(READERS)) {
  test(`the ${reader} reads the settings that the registry says it reads, and no others`, () => {
    const names = new Set<string>();
    readConfig(
      new Proxy<Record<string, string | undefined>>(
        {},
        {
          get: (_, name) => {
            names.add(String(name));
            return undefined;
          },
        },
      ),
    );
    const expected = KNOWN_SETTINGS.filter(({ readers }) => readers.some((each) => each === reader));
    assert.deepEqual([...names].sort(), expected.map(({ name }) => name).sort());
  });
}

test('a default is of the form that is asked of a person', () => {
  for (const [name, { form, byDefault }] of Object.entries(SETTINGS)) {
    if (byDefault !== undefined) assert.equal(form.parse(String(byDefault)), byDefault, name);
  }
});

test('each setting is told in one line of the help and of the table', () => {
  for (const setting of KNOWN_SETTINGS) {
    for (const words of [setting.byDefault, setting.expected, setting.meaning]) {
      assert.match(words, /^[^|\n]+$/, setting.name);
    }
  }
  assert.equal(new Set(KNOWN_SETTINGS.map(({ name }) => name)).size, KNOWN_SETTINGS.length);
});

test('a secret is not repeated where it is refused', () => {
  assert.throws(() => readShepherd({ SHEPHERD_TOKEN: 'tooshort' }), {
    code: 'INVALID_CONFIG',
    message: /^SHEPHERD_TOKEN is "…"; expected at least 16 characters, /,
  });
});
