// A year of a simulated market, lived through by the real runs on a real PostgreSQL, against books that the test keeps of it by
// itself: what the feed told, what people did, and what must have come of it. What happens when stands in year/story.ts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { recordFaults } from '../../helpers/sealedRecord.ts';
import { createTestDatabase, type TestDatabase } from '../../../lab/database.ts';
import type { Books } from './year/books.ts';
import { createFeed } from './year/feed.ts';
import { assertHolds, assertSame } from './year/figures.ts';
import { holdChecks } from './year/holdChecks.ts';
import { holdEvents } from './year/holdEvents.ts';
import { holdAnswers, holdForecasts, holdScores } from './year/holdForecasts.ts';
import { holdGates } from './year/holdGates.ts';
import { holdScrape } from './year/holdMetrics.ts';
import { holdPrices } from './year/holdPrices.ts';
import { holdServices } from './year/holdServices.ts';
import { keepBooks } from './year/keep.ts';
import { beginLife, type Life } from './year/life.ts';
import { readRecord, type YearRecord } from './year/record.ts';
import { SETTINGS } from './year/shepherds.ts';
import { BREAK, FIRST, LEAPS, liveThrough, MARKETS } from './year/story.ts';

const closing: (() => Promise<void>)[] = [];
let database: TestDatabase;
let life: Life;
let record: YearRecord;
let books: Books;

before(async () => {
  database = await createTestDatabase();
  closing.push(() => database.close());
  life = await beginLife({ after: (work) => closing.push(work) }, database, createFeed(MARKETS, LEAPS, FIRST), [
    parseSymbol('X'),
    parseSymbol('Y'),
  ]);
  await liveThrough(life);
  record = await readRecord(database.db);
  books = keepBooks(life.diary, record, SETTINGS.decision);
});

after(async () => {
  for (const close of closing.reverse()) await close();
});

test('the year had everything: each way a run ends, and each reason', () => {
  const ends = new Set(books.runs.map(({ outcome, reason }) => `${outcome ?? 'open'} ${reason ?? ''}`));
  const all = [...ends].join(', ');
  for (const end of [
    'promoted no-champion',
    'promoted manual',
    'kept fresh',
    'kept cooling-down',
    'kept budget-spent',
    'undetermined drift-unknown',
    'skipped superseded',
    'failed TOO_FEW_VALUES',
  ])
    assert.ok(ends.has(end), `no run ended ${end}; there were: ${all}`);
  for (const reason of ['drifted', 'decayed', 'stale'])
    assert.match(all, new RegExp(`(revalidated|promoted) ${reason}`), `no retrain was ${reason}; there were: ${all}`);
});

test('the break is answered: alarms that name it, a retrain for it, and before it no more alarms than were asked for', () => {
  const during = ({ day }: { readonly day: string }): boolean => day >= BREAK.from && day <= BREAK.to;
  const alarms = record.checks.filter(({ symbol, verdict }) => symbol === 'X' && verdict === 'drifted');
  const within = alarms.filter(during);
  const named = within.filter(({ cause }) => cause === 'volatility').length;
  assert.ok(named > 0.9 * within.length, `${named} of ${within.length}`);
  // One in twenty days of two series: one in forty days of each, and a spell of days above a limit is one alarm.
  const checked = record.checks.filter(({ symbol, day }) => symbol === 'X' && day < BREAK.from);
  const begun = checked.filter(
    ({ verdict }, k) => verdict === 'drifted' && checked[k - 1]?.verdict !== 'drifted',
  ).length;
  const asked = checked.length / 40;
  assert.ok(begun <= asked + 3 * Math.sqrt(asked), `${begun} alarms in ${checked.length} days`);
  const answered = books.decisions.filter(during).filter(({ decided: { reason } }) => reason === 'drifted');
  assert.ok(answered.length > 0);
});

test('prices are what the feed told last, every correction is kept, and every wrong bar is held back', () => {
  holdPrices(books);
});

test('each slot is one run that ended as it must, and what waits for a worker is on the queue', () => {
  assertSame(
    record.runs.map(({ seconds: _seconds, ...run }) => ({
      ...run,
      slot: run.trigger === 'manual' ? 'manual' : run.slot,
    })),
    books.runs,
    'runs',
  );
  const waiting = books.runs.filter(({ state }) => state === 'queued').map(({ id }) => `run:${id}`);
  assert.deepEqual(record.jobs, waiting.sort());
});

test('each decision follows from the check, the days and what was spent', () => {
  const rows = record.decisions.filter(({ stage }) => stage === 'retrain');
  assertSame(
    rows.map(({ runId, day, verdict, reason }) => ({ runId, day, kind: verdict, reason })),
    books.decisions.map(({ entry: { runId }, day, decided: { kind, reason } }) => ({ runId, day, kind, reason })),
    'decisions',
  );
  for (const [i, { decided }] of books.decisions.entries())
    assertHolds(rows[i]?.report, decided.told, `decision ${i + 1}`);
});

test('each check compares the changes on both sides of its reference, and the losses since the champion was judged', () => {
  holdChecks(books);
});

test('each gate judges the last 60 days, its verdict follows from its numbers, and the trackers hear of it', () => {
  holdGates(books);
  assertSame(
    life.tracked,
    record.models.map(({ symbol, version }) => `${symbol} model ${version}`),
    'trainings told',
  );
});

test('what is in service, since when, with which bands and against which reference', () => {
  holdServices(books, life.announced);
});

test('one forecast for each day, days ahead and champion in service, with the band of its day', () => {
  holdForecasts(books);
});

test('one score for each forecast whose day has come, and none before', () => {
  holdScores(books);
});

test('what callers were told is logged, is what was forecast, and meets its close', () => {
  holdAnswers(books);
});

test('every event once, in order, printed as it was stored, in a record that holds', async () => {
  holdEvents(books, life.told);
  assert.deepEqual(await recordFaults(database.db), []);
});

test('every metric of every month is the figure in the books', () => {
  assert.ok(books.scrapes.length >= 12);
  for (const scrape of books.scrapes) holdScrape(scrape, record);
});
