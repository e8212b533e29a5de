import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { CHAMPION_CHANNEL } from '../../../../db/tables/champions.ts';
import { listModels } from '../../../../db/tables/models.ts';
import type { TestDatabase } from '../../../../lab/database.ts';
import { buildApp } from '../../../../metrics/app.ts';
import { collectors } from '../../../../metrics/collectors/index.ts';
import { listFaults } from '../../../../db/tables/faults.ts';
import { acceptHeld, rejectHeld } from '../../../../shepherd/intake/quarantine.ts';
import { ensureSeries } from '../../../../shepherd/intake/series.ts';
import { queueManualRun, queueSlot } from '../../../../shepherd/queue/queue.ts';
import { dueSlot } from '../../../../shepherd/queue/schedule.ts';
import type { RunContext } from '../../../../shepherd/run/context.ts';
import { forcePromotion, rollBack } from '../../../../shepherd/run/force.ts';
import { attemptRun, executeRun } from '../../../../shepherd/run/run.ts';
import { callEstimator } from './caller.ts';
import type { Entry, RunEntry } from './diary.ts';
import type { Feed } from './feed.ts';
import { readService } from './record.ts';
import { dying, openShepherds, SETTINGS, type Death, type Shepherds, type TestHooks } from './shepherds.ts';

/** Weekday evenings, UTC. */
const SCHEDULE = '15 22 * * 1-5';
const EVENING_MS = (22 * 60 + 15) * 60_000;

/** A run that someone may work on. */
export type Claim = Pick<RunEntry, 'symbol' | 'runId' | 'slot' | 'trigger' | 'forced' | 'from'>;

/** The programs of the project around one database and one feed, and what the test does with them; it notes every act in the diary. */
export interface Life extends Pick<Shepherds, 'told' | 'tracked'> {
  readonly feed: Feed;
  readonly diary: Entry[];
  /** Payloads of the notifications to the estimators. */
  readonly announced: string[];
  /** The clock strikes `late` milliseconds after the evening's slot: one or two shepherds take the slot that is due then. */
  claim(symbol: SeriesSymbol, options?: { late?: number; both?: boolean }): Promise<Claim>;
  /** A person asks for a run, with a reason to retrain whatever the check says or without. */
  ask(symbol: SeriesSymbol, forced: string | null): Promise<Claim>;
  /** Carries a claimed run through, by one shepherd or by both at once; those that die over it come first. */
  work(claim: Claim, options?: { both?: boolean; level?: number; deaths?: readonly Death[] }): Promise<void>;
  /** Nobody works on the claimed run. */
  leave(claim: Claim): void;
  /** Puts the newest model into service that is not. */
  forceNewest(symbol: SeriesSymbol, reason: string): Promise<void>;
  rollBack(symbol: SeriesSymbol, reason: string): Promise<void>;
  /** Says of the bars that are held back whether they are right. */
  settle(symbol: SeriesSymbol, how: 'accepted' | 'rejected', reason: string): Promise<void>;
  /** A caller asks the estimator. */
  call(symbol: SeriesSymbol): Promise<void>;
  scrape(): Promise<void>;
}

export async function beginLife(
  t: TestHooks,
  database: TestDatabase,
  feed: Feed,
  symbols: SeriesSymbol[],
): Promise<Life> {
  const { db } = database;
  const shepherds = openShepherds(t, database, feed.source);
  const { log } = shepherds.both[0];
  const diary: Entry[] = [];
  const announced: string[] = [];
  await ensureSeries(db, feed.source, symbols, log);
  await db.listen(CHAMPION_CHANNEL, (payload) => void announced.push(payload));
  const metrics = await buildApp({ client: database.connectAs('metrics'), collectors, log });

  return {
    feed,
    diary,
    announced,
    told: shepherds.told,
    tracked: shepherds.tracked,
    async claim(symbol, { late = 1_000, both = false } = {}) {
      const from = Date.now();
      const due = dueSlot(SCHEDULE, Date.parse(`${feed.today}T00:00:00Z`) + EVENING_MS + late);
      const there = both ? shepherds.both : [shepherds.next()];
      const claims = await Promise.all(there.map((shepherd) => queueSlot(shepherd.db, symbol, due, shepherd.log)));
      const [runId, ...more] = claims.filter((id) => id !== undefined);
      assert.ok(runId !== undefined && more.length === 0, 'one shepherd gets the slot');
      return { symbol, runId, ...due, forced: null, from };
    },
    async ask(symbol, forced) {
      const from = Date.now();
      const request = forced === null ? {} : { force: true, reason: forced };
      const runId = await queueManualRun(db, symbol, from, request);
      return { symbol, runId, slot: 'manual', trigger: 'manual', forced, from };
    },
    async work(claim, { both = false, level = SETTINGS.gate.level, deaths = [] } = {}) {
      const { symbol, runId } = claim;
      const settings = { ...SETTINGS, gate: { ...SETTINGS.gate, level } };
      for (const death of deaths)
        await assert.rejects(executeRun(runId, dying({ ...shepherds.next(), settings }, death)));
      const carry = async (shepherd: RunContext): Promise<unknown> => {
        const context = { ...shepherd, settings };
        const attempt = await attemptRun(runId, context);
        return attempt.kind === 'ended' ? attempt.outcome : undefined;
      };
      const ends = await Promise.all(both ? shepherds.both.map(carry) : [carry(shepherds.next())]);
      assert.ok(!both || ends.filter((end) => end !== undefined).length === 1, 'one of two shepherds carries it out');
      const attempts = deaths.filter(({ how }) => how === 'killed').length + 1; // a stop is no attempt
      const service = await readService(db, symbol);
      const offer = feed.offer(symbol);
      diary.push({ act: 'run', ...claim, to: Date.now(), today: feed.today, offer, attempts, level, service });
    },
    leave({ symbol, runId, slot }) {
      diary.push({ act: 'left', symbol, runId, slot });
    },
    async forceNewest(symbol, reason) {
      const from = Date.now();
      const live = await readService(db, symbol);
      const newest = (await listModels(db, symbol)).find((model) => model.version !== live?.version);
      assert.ok(newest !== undefined);
      const { version } = newest;
      await forcePromotion(db, { version, symbol, reason }, log);
      const service = await readService(db, symbol);
      diary.push({ act: 'forced', symbol, version, reason, from, to: Date.now(), service });
    },
    async rollBack(symbol, reason) {
      const from = Date.now();
      await rollBack(db, { symbol, reason }, log);
      const service = await readService(db, symbol);
      diary.push({ act: 'rollback', symbol, version: null, reason, from, to: Date.now(), service });
    },
    async settle(symbol, how, reason) {
      const from = Date.now();
      const [held] = await listFaults(db, { symbol, only: 'held', limit: 1 });
      assert.ok(held !== undefined, `no bar of ${symbol} is held back`);
      await (how === 'accepted' ? acceptHeld : rejectHeld)(db, { id: held.id, reason }, log);
      diary.push({ act: 'settled', symbol, how, reason, from, to: Date.now() });
    },
    async call(symbol) {
      const answers = await callEstimator(database.urls.estimator, symbol);
      diary.push({ act: 'asked', symbol, answers });
    },
    async scrape() {
      const { body } = await metrics.inject('/metrics');
      diary.push({ act: 'scrape', text: body });
    },
  };
}
