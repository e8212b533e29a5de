import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from '@sinclair/typebox';
import { brief, checked } from '../../../service/request/checked.ts';

test('a value that fits is given back itself; one that does not is refused by field, value and expectation', () => {
  const check = checked(Type.Object({ size: Type.Object({ width: Type.Integer({ minimum: 1 }) }) }));
  const fits = { size: { width: 2 } };
  assert.equal(check(fits), fits);
  for (const [value, message] of [
    [{ size: { width: 0 } }, '"size/width" is 0; expected a whole number from 1 on.'],
    [{ size: {} }, '"size/width" is missing; expected a whole number from 1 on.'],
    [5, 'The request is 5; expected an object.'],
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

test('each kind of fault says what was expected in words, never as a pattern', () => {
  const check = checked(
    Type.Object(
      {
        day: Type.Optional(Type.String({ pattern: '^\\d+$', 'x-expected': 'a day such as 2020-03-16' })),
        share: Type.Optional(Type.Number({ minimum: 0, maximum: 0.9 })),
        rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 0.1 })),
        reason: Type.Optional(Type.String({ minLength: 3, maxLength: 500 })),
        list: Type.Optional(Type.Array(Type.Integer(), { minItems: 1, maxItems: 1 })),
        either: Type.Optional(Type.Union([Type.Literal('a'), Type.Boolean(), Type.Null()])),
        horizon: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
      },
      { additionalProperties: false },
    ),
  );
  for (const [value, message] of [
    [{ day: 'x' }, '"day" is "x"; expected a day such as 2020-03-16.'],
    [{ share: 1 }, '"share" is 1; expected a number from 0 to 0.9.'],
    [{ rate: 0 }, '"rate" is 0; expected a number above 0, at most 0.1.'],
    [{ reason: 'x' }, '"reason" is "x"; expected a text of 3 to 500 characters.'],
    [{ list: [] }, '"list" is a list of 0; expected a list of 1 element.'],
    [{ either: 5 }, '"either" is 5; expected "a" or true or false or null.'],
    [
      { horizn: 1 },
      '"horizn" is not a field here. Did you mean "horizon"? The fields are day, share, rate, reason, list, either, horizon.',
    ],
    [{ zzz: 1 }, '"zzz" is not a field here. The fields are day, share, rate, reason, list, either, horizon.'],
  ] as const) {
    assert.throws(() => check(value), { code: 'INVALID_INPUT', message });
  }
});
