import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonFault, refuseJson } from '../../../service/request/json.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('a fault is found in exactly the texts that JSON.parse refuses', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', ':', '1', 'x', '\\', '\n', '.', '-'), fc.nat(2))
    .map(([text, at, put, cut]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + cut);
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken), (text) => {
      assert.equal(findJsonFault(text) === undefined, isJson(text), text);
    }),
    { seed: 13, numRuns: 3000 },
  );
});

test('what comes before the fault can go on to be JSON, what includes it cannot', () => {
  for (const [text, line, column, expected] of [
    ['{"horizon": }', 1, 13, 'a value'],
    ['{"horizon": 5', 1, 14, '"," or "}"'],
    ['{"data": [1,\n 2,\n ]}', 3, 2, 'a value'],
    ['{horizon: 5}', 1, 2, 'a field name in double quotes or "}"'],
    ["{'horizon': 5}", 1, 2, 'a field name in double quotes or "}"'],
    ['{"a": 1,}', 1, 9, 'a field name in double quotes'],
    ['{"a" 1}', 1, 6, '":"'],
    ['{} {}', 1, 4, 'nothing more'],
    ['[01]', 1, 2, 'a value or "]"'],
    ['', 1, 1, 'a value'],
  ] as const) {
    assert.deepEqual(findJsonFault(text), { line, column, expected }, text);
  }
});

test('the sentence shows the place and what stands there', () => {
  assert.equal(
    refuseJson('{"data": [1, 2\n "horizon": 5}', null).message,
    'The body is not JSON: line 2, column 2 has "\\"horizon\\": 5"; expected "," or "]".',
  );
  assert.match(
    refuseJson('{"a": [1', null).message,
    /line 1, column 9 has the end of the text; expected "," or "\]"\.$/,
  );
  assert.match(refuseJson('{"__proto__": 1}', null).message, /__proto__/);
});
