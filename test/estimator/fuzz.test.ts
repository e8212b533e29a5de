import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestApp } from './helpers/testApp.ts';
import { fuzz } from '../../lab/fuzz/fuzz.ts';

test('two thousand hostile requests bring no 5xx, no stack trace and no crash, and the next caller is answered', async (t) => {
  const { app } = await createTestApp(t);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { faults, byStatus, sent } = await fuzz(url, { count: 2_000, seed: 6 });
  assert.deepEqual(
    faults.map(
      ({ fault, request }) =>
        `${fault}: ${request.kind}: ${Buffer.concat(request.pieces).toString('latin1').slice(0, 300)}`,
    ),
    [],
  );
  assert.equal(sent, 2_000);
  // Not everything is refused: hostile looks alone are no reason.
  assert.ok((byStatus['200'] ?? 0) > 50 && (byStatus['400'] ?? 0) > 500, JSON.stringify(byStatus));
  const reply = await fetch(`${url}/predict`, { method: 'POST' });
  assert.equal(reply.status, 200);
});
