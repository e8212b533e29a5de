import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES, ShepherdError } from '../../core/errors.ts';

test('an error knows its sentence, code, exit and status', () => {
  const cause = new Error('deeper');
  const error = new ShepherdError('NO_CHAMPION', 'Nobody is in service; train first.', { cause });
  assert.deepEqual(
    [error.name, error.message, error.code, error.exitStatus, error.httpStatus, error.cause],
    ['ShepherdError', 'Nobody is in service; train first.', 'NO_CHAMPION', 3, 409, cause],
  );
});

test('codes are told from other words, inherited ones among them', () => {
  assert.ok(Object.keys(ERROR_CODES).every((code) => ShepherdError.isCode(code)));
  for (const other of ['toString', 'NO_SUCH', '', 3, null, undefined]) assert.ok(!ShepherdError.isCode(other));
});

test('statuses are of the client for what the client did, and exits tell success from all of them', () => {
  for (const [code, { exit, status, meaning }] of Object.entries(ERROR_CODES)) {
    assert.ok(status >= 400 && status < 600, code);
    assert.ok(exit > 0 && exit <= 130, code);
    assert.ok(meaning.length > 0, code);
  }
});
