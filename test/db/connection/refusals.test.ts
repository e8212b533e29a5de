import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { ShepherdError } from '../../../core/errors.ts';
import { asUnavailable, isConnectionFailure } from '../../../db/connection/connectionFailure.ts';
import { isRefusedValue } from '../../../db/connection/refusedValue.ts';
import { waitForDatabase } from '../../../db/connection/waitForDatabase.ts';
import { withDatabase } from '../../../lab/database.ts';

function databaseError(code: string | undefined, severity = 'ERROR'): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('refused', 1, 'error'), { code, severity });
}

test('a value is refused where the class of the error speaks of values, and nowhere else', () => {
  for (const code of ['22003', '22P05', '23505', '23514']) assert.ok(isRefusedValue(databaseError(code)), code);
  for (const code of ['42P01', '40001', '57P01', undefined]) assert.ok(!isRefusedValue(databaseError(code)), code);
  assert.ok(!isRefusedValue(Object.assign(new Error('of a socket'), { code: '22003' })));
  assert.ok(!isRefusedValue(undefined));
});

test('the server is not there for us when it says so, when a socket fails, or when it is too old; a fault of ours is none', () => {
  for (const code of ['57P01', '57P03', '53300', '28P01', '3D000', '55P03', '08006'])
    assert.ok(isConnectionFailure(databaseError(code)), code);
  for (const code of ['23505', '42P01', undefined]) assert.ok(!isConnectionFailure(databaseError(code)), code);
  assert.ok(isConnectionFailure(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })));
  assert.ok(isConnectionFailure(new Error('Connection terminated')));
  assert.ok(!isConnectionFailure(new TypeError('ours')));
  assert.ok(!isConnectionFailure(new ShepherdError('INVALID_INPUT', 'ours')));
  // An unknown setting ends a connection that is being made; in a statement it is ours.
  assert.ok(isConnectionFailure(databaseError('42704', 'FATAL')));
  assert.ok(!isConnectionFailure(databaseError('42704')));
});

test('the sentence names the server without its password, all reasons of a name with several addresses, and a server too old', () => {
  const url = 'postgres://me:secret@db.example:5432/flock';
  assert.equal(
    asUnavailable(databaseError('42704', 'FATAL'), url).message,
    'PostgreSQL at db.example:5432/flock (user me) is too old; Shepherd needs version 17 or newer.',
  );
  assert.equal(
    asUnavailable(new AggregateError([new Error('one'), new Error('two')]), url).message,
    'PostgreSQL at db.example:5432/flock (user me) is not available: one; two.',
  );
  assert.equal(
    asUnavailable(new Error('gone'), 'not a URL').message,
    'PostgreSQL at the given DATABASE_URL is not available: gone.',
  );
});

test('a start waits for a server that may still come, and for none that refuses for good', async (t) => {
  const { urls } = await withDatabase(t);
  const notes: string[] = [];
  const options = {
    note: (sentence: string) => {
      notes.push(sentence);
    },
    signal: new AbortController().signal,
    termMs: 500,
  };
  await waitForDatabase(urls.shepherd, options);
  assert.deepEqual(notes, []);

  const wrong = new URL(urls.shepherd);
  wrong.password = 'wrong';
  await assert.rejects(waitForDatabase(wrong.href, options), { code: 'DATABASE_UNAVAILABLE', message: /password/ });
  assert.deepEqual(notes, [], 'it was refused for good and waited all the same');

  await assert.rejects(waitForDatabase('postgres://me@127.0.0.1:1/x', options), { code: 'DATABASE_UNAVAILABLE' });
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /ECONNREFUSED.* Waiting for it, 1 s more at most\.$/);

  const stop = new AbortController();
  const stopped = waitForDatabase('postgres://me@127.0.0.1:1/x', {
    ...options,
    signal: stop.signal,
    note: () => {
      stop.abort();
    },
  });
  await assert.rejects(stopped, { code: 'CANCELLED' });
});
