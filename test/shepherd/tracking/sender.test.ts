import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { postMessage, type Message } from '../../../db/tables/outbox.ts';
import { withDatabase } from '../../../lab/database.ts';
import { silentLog } from '../../../lab/silentLog.ts';
import { connectMlflow, type MlflowRun } from '../../../shepherd/tracking/mlflow.ts';
import { sendDue } from '../../../shepherd/tracking/sender.ts';

const RUN: MlflowRun = { name: 'X model 1', params: {}, metrics: { crps: 1 }, tags: { symbol: 'X' }, failed: false };

/** An MLflow server as far as the client asks; `fault` of the n-th request comes before or after it is carried out. */
async function startReceiver(t: TestContext, fault: (n: number) => 'none' | 'refuse' | 'hang' | 'lose the reply') {
  const runs: { readonly run_id: string; readonly key: string; start_time: number; status: string; batches: number }[] =
    [];
  let asked = 0;
  const carryOut = (path: string, body: Record<string, unknown>): object => {
    const found = runs.find(({ run_id }) => run_id === body['run_id']);
    if (path.startsWith('/api/2.0/mlflow/experiments/get-by-name')) return { experiment: { experiment_id: '1' } };
    if (path.endsWith('runs/search')) {
      const key = /'([^']+)'/.exec(String(body['filter']))?.[1];
      return { runs: runs.filter((each) => each.key === key).map((each) => ({ info: each })) };
    }
    if (path.endsWith('runs/create')) {
      const tags = body['tags'] as { key: string; value: string }[]; // the client's own
      const key = tags.find((tag) => tag.key === 'shepherd.key')?.value ?? '';
      runs.push({
        run_id: `run-${runs.length}`,
        key,
        start_time: Number(body['start_time']),
        status: 'RUNNING',
        batches: 0,
      });
      return { run: { info: { run_id: `run-${runs.length - 1}` } } };
    }
    if (found !== undefined && path.endsWith('runs/log-batch')) found.batches += 1;
    if (found !== undefined && path.endsWith('runs/update')) found.status = String(body['status']);
    return {};
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const what = fault((asked += 1));
    if (what === 'hang') return;
    if (what === 'refuse') {
      response.writeHead(503).end('{}');
      return;
    }
    const result = carryOut(request.url ?? '', text === '' ? {} : (JSON.parse(text) as Record<string, unknown>));
    if (what === 'lose the reply') response.destroy();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { uri: `http://127.0.0.1:${address.port}`, runs };
}

test('each message arrives once in effect, however often the server fails, hangs or loses its reply', async (t) => {
  const { db } = await withDatabase(t);
  const faults = ['refuse', 'hang', 'lose the reply'] as const;
  // Every request of the first deliveries meets each fault in turn; later ones are answered.
  const { uri, runs } = await startReceiver(t, (n) => (n % 2 === 1 && n < 30 ? faults[((n - 1) / 2) % 3]! : 'none'));
  const mlflow = connectMlflow({ trackingUri: uri, now: () => 5, timeoutMs: 200 });
  for (let n = 0; n < 3; n += 1) await postMessage(db, 'MLflow', { ...RUN, name: `X model ${n}` });
  const deliver = async ({ key, message, attempts }: Message<MlflowRun>): Promise<void> => {
    await mlflow.record('shepherd', message, { key, isRepeated: attempts > 1 });
  };
  const sent = await sendDue({ db, receiver: 'MLflow', deliver, log: silentLog, backoffMs: () => 0 });
  assert.equal(sent, 3);
  assert.deepEqual(
    runs.map(({ status }) => status),
    ['FINISHED', 'FINISHED', 'FINISHED'],
  );
  assert.equal(new Set(runs.map(({ key }) => key)).size, 3);
  assert.equal(await sendDue({ db, receiver: 'MLflow', deliver, log: silentLog }), 0);
});

test('nothing is sent of an act that was undone, two senders share the work, and no lock is held during a delivery', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await assert.rejects(
    db.transaction(async (client) => {
      await postMessage(client, 'r', { n: 0 });
      throw new Error('undone');
    }),
  );
  for (let n = 1; n <= 6; n += 1) await postMessage(db, 'r', { n });
  const got: number[] = [];
  const other = connectAs('shepherd');
  const deliver = async ({ message }: Message<{ readonly n: number }>): Promise<void> => {
    got.push(message.n);
    const [held] = await other.query<{ locks: number }>(
      `SELECT count(*)::int AS locks FROM pg_locks JOIN pg_class ON oid = relation WHERE relname = 'outbox' AND pid <> pg_backend_pid()`,
    );
    assert.equal(held?.locks, 0);
  };
  const none = { db, receiver: 'another', deliver, log: silentLog };
  const counts = [await sendDue({ ...none, receiver: 'r' }), await sendDue(none)];
  assert.deepEqual(
    [got, counts],
    [
      [1, 2, 3, 4, 5, 6],
      [6, 0],
    ],
  );
});
