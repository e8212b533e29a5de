import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalNumber, oneOf, text, wholeNumber } from '../../../core/settings/form.ts';

test('a whole number is read from digits alone, between its bounds, both included', () => {
  const form = wholeNumber(1, 60);
  assert.equal(form.expected, 'a whole number from 1 to 60');
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 200 }), (value) => {
      assert.equal(form.parse(String(value)), value >= 1 && value <= 60 ? value : undefined);
    }),
  );
  for (const odd of ['1.5', '1e1', '0x10', ' 7', '+7', 'seven', '٣', '9'.repeat(400)]) {
    assert.equal(form.parse(odd), undefined, odd);
  }
  assert.equal(form.parse('007'), 7);
});

test('a decimal number may have a point, and is held to its bounds', () => {
  const form = decimalNumber(0.01, 0.5);
  assert.equal(form.expected, 'a number from 0.01 to 0.5');
  assert.deepEqual(['0.01', '0.5', '0.25'].map(form.parse), [0.01, 0.5, 0.25]);
  for (const odd of ['0', '0.009', '0.51', '1', '.5', '0,5', '5e-1', 'NaN', 'Infinity', '-0.1']) {
    assert.equal(form.parse(odd), undefined, odd);
  }
});

test('a choice is one of its words as they are written', () => {
  assert.equal(oneOf(['yes', 'no']).expected, 'one of yes, no');
  assert.deepEqual(['yes', 'Yes', 'maybe'].map(oneOf(['yes', 'no']).parse), ['yes', undefined, undefined]);
});

test('a text is any, or what its test accepts', () => {
  assert.equal(text('a path').parse('./csv'), './csv');
  const long = text('8 characters', (given) => given.length >= 8);
  assert.deepEqual(
    [long.parse('12345678'), long.parse('1234567'), long.expected],
    ['12345678', undefined, '8 characters'],
  );
});
