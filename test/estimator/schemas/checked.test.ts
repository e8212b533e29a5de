import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from '@sinclair/typebox';
import { brief, checked } from '../../../estimator/schemas/checked.ts';

test('a value that fits is given back itself; one that does not is refused by field, value and expectation', () => {
  const check = checked(Type.Object({ size: Type.Object({ width: Type.Integer({ minimum: 1 }) }) }));
  const fits = { size: { width: 2 } };
  assert.equal(check(fits), fits);
  for (const [value, message] of [
    [{ size: { width: 0 } }, '"size/width" is 0; expected integer to be greater or equal to 1.'],
    [{ size: {} }, '"size/width" is missing; expected required property.'],
    [5, 'The request is 5; expected object.'],
  ] as const) {
    assert.throws(() => check(value), { code: 'INVALID_INPUT', message });
  }
});

test('a value is repeated as it was written, in forty characters at most', () => {
  for (const [value, text] of [
    [undefined, 'missing'],
    [null, 'null'],
    [[1, 2, 3], 'a list of 3'],
    [{ a: 1 }, 'an object'],
    [Infinity, 'Infinity'],
    [-0.5, '-0.5'],
    [true, 'true'],
    ['a"b', '"a\\"b"'],
    ['x'.repeat(38), `"${'x'.repeat(38)}"`],
    ['x'.repeat(39), `"${'x'.repeat(39)}…`],
  ] as const) {
    assert.equal(brief(value), text);
  }
});
