import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '../../db/connection/client.ts';
import { createCollection } from '../../metrics/collection.ts';
import type { Collector } from '../../metrics/collection.ts';
import { gauge } from '../../metrics/exposition.ts';
import type { Family } from '../../metrics/exposition.ts';

const noDatabase: Client = {
  query: () => Promise.reject(new Error('these collectors ask nothing')),
};

const one = gauge('one', 'One.', [{ labels: {}, value: 1 }]);

function setUp(collectors: readonly Collector[], timeLimitMs?: number) {
  const notes: string[] = [];
  const errors: string[] = [];
  let clock = 0;
  const collect = createCollection({
    collectors,
    client: noDatabase,
    log: { note: (sentence) => notes.push(sentence), error: (sentence) => errors.push(sentence) },
    now: () => (clock += 250),
    ...(timeLimitMs !== undefined && { timeLimitMs }),
  });
  return { collect, notes, errors };
}

function success(families: readonly Family[]): Record<string, number> {
  const { samples } = families.find(({ name }) => name === 'collector_success')!;
  return Object.fromEntries(samples.map(({ labels, value }) => [labels['collector']!, value]));
}

test('a failing collector is reported and the others are not touched', async () => {
  const { collect } = setUp([
    { name: 'good', collect: () => Promise.resolve([one]) },
    { name: 'bad', collect: () => Promise.reject(new Error('gone')) },
  ]);
  const families = await collect();
  assert.deepEqual(success(families), { good: 1, bad: 0 });
  assert.ok(families.includes(one));
});

test('no rows are a success', async () => {
  const { collect } = setUp([{ name: 'empty', collect: () => Promise.resolve([gauge('none', 'None.', [])]) }]);
  assert.deepEqual(success(await collect()), { empty: 1 });
});

test('each collector reports the seconds it took', async () => {
  const { collect } = setUp([{ name: 'good', collect: () => Promise.resolve([one]) }]);
  const duration = (await collect()).find(({ name }) => name === 'collector_duration_seconds');
  assert.deepEqual(duration?.samples, [{ labels: { collector: 'good' }, value: 0.25 }]);
});

test('failure and recovery are said once each, not at every scrape', async () => {
  let up = false;
  const flaky: Collector = {
    name: 'flaky',
    collect: () => (up ? Promise.resolve([one]) : Promise.reject(new Error('gone'))),
  };
  const { collect, notes, errors } = setUp([flaky]);
  await collect();
  await collect();
  assert.deepEqual(errors, ['Collector flaky cannot read the database; its metrics are missing.']);
  up = true;
  await collect();
  await collect();
  assert.deepEqual(notes, ['Collector flaky reads the database again.']);
});

test('a collector that does not answer fails in time, and is not asked again until it has answered', async () => {
  let asked = 0;
  let answer: (families: Family[]) => void = () => undefined;
  const stuck: Collector = {
    name: 'stuck',
    collect: () => {
      asked += 1;
      return new Promise((resolve) => (answer = resolve));
    },
  };
  const { collect } = setUp([stuck], 1);
  assert.deepEqual(success(await collect()), { stuck: 0 });
  assert.deepEqual(success(await collect()), { stuck: 0 });
  assert.equal(asked, 1);
  const third = collect();
  answer([one]);
  assert.deepEqual(success(await third), { stuck: 1 });
});

test('scrapes at the same moment share one question', async () => {
  let asked = 0;
  const counted: Collector = {
    name: 'counted',
    collect: () => {
      asked += 1;
      return Promise.resolve([one]);
    },
  };
  const { collect } = setUp([counted]);
  await Promise.all([collect(), collect(), collect()]);
  assert.equal(asked, 1);
});
