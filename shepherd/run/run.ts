import { setTimeout as pause } from 'node:timers/promises';
import { ShepherdError } from '../../core/errors.ts';
import type { RunId } from '../../core/runId.ts';
import { listSeries } from '../../db/tables/prices.ts';
import { findRun, finishRun, startRun, type Run } from '../../db/tables/runs.ts';
import { findSeries } from '../../db/tables/series.ts';
import { scorePredictions } from '../../db/tables/predictions.ts';
import { inNameOf } from '../../db/connection/actor.ts';
import { holdSymbol } from '../../db/connection/holdSymbol.ts';
import { pullSymbol } from '../intake/pull.ts';
import { againstOf, giveWay, isAgainst } from './against.ts';
import { loadChampion } from './champion.ts';
import { checkChampion } from './checkChampion.ts';
import type { RunContext } from './context.ts';
import { effectiveSettings, specOfSeries } from '../settings.ts';
import { failRun, type Failure } from './fail.ts';
import { checkFreshness } from './freshness.ts';
import { takeDecision } from './decide.ts';
import { passGate } from './gate.ts';
import { openJournal, type Journal } from './journal.ts';
import type { RunOutcome } from './outcome.ts';
import { carryOut } from './promote.ts';
import { scoreAndForecast } from './score.ts';
import { trackArms } from './track.ts';
import { trainArms } from './train.ts';

/** How an attempt went: to the end of the run, not through it (told and stored by then), or the run had ended already. */
export type RunAttempt =
  | { readonly kind: 'ended'; readonly outcome: RunOutcome }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'nothing-to-do' };

export interface AttemptOptions {
  /** How long to wait for another process that works on the same symbol; default as `holdSymbol`. */
  readonly patienceMs?: number;
}

/** As `attemptRun`, for who wants the outcome: throws what kept the run from its end. */
export async function executeRun(runId: RunId, context: RunContext): Promise<RunOutcome | undefined> {
  const attempt = await attemptRun(runId, context);
  if (attempt.kind === 'failed') throw attempt.error;
  return attempt.kind === 'ended' ? attempt.outcome : undefined;
}

/**
 * Carries out one claimed run, alone on its symbol, and stores how it went. Taken up again it goes on with the first step that was not
 * finished. Everything it stores is stored only while the symbol's lease is its own.
 * @throws what keeps the run from beginning: CONFLICT when another works on the symbol, CANCELLED, DATABASE_UNAVAILABLE.
 */
export async function attemptRun(runId: RunId, context: RunContext, options: AttemptOptions = {}): Promise<RunAttempt> {
  const found = await findRun(context.db, runId);
  if (found === undefined) return { kind: 'nothing-to-do' };
  const lost = new AbortController();
  const held = await holdSymbol(context.databaseUrl, found.symbol, {
    ...options,
    signal: context.signal,
    onLost: (error) => {
      lost.abort(error);
    },
    ...(context.leaseMs === undefined ? {} : { leaseMs: context.leaseMs }),
  });
  try {
    const db = inNameOf(held.fence(context.db), actorOf(found));
    // Under the lease: a run that counts as running while nobody holds its symbol is abandoned.
    const run = await db.transaction((client) => startRun(client, runId, held.lease.epoch));
    if (run === undefined) return { kind: 'nothing-to-do' }; // finished or skipped meanwhile
    const signal = AbortSignal.any([context.signal, lost.signal]);
    try {
      return { kind: 'ended', outcome: await carryThrough(run, { ...context, db, signal }) };
    } catch (error) {
      const failure = { run, error, interrupted: signal.aborted };
      await failWhenStorable(failure, { ...context, db }).catch((unstored: unknown) => {
        const what = `how run ${runId} went cannot be stored now; it is taken up again later.`;
        context.log.warn(`${run.symbol}: ${what}`, unstored);
      });
      return { kind: 'failed', error };
    }
  } finally {
    await held.release();
  }
}

const STORE_EVERY_MS = 500;
const STORE_FOR_MS = 60_000;

/** `failRun`, with patience for a database that comes back: whoever finds the run first would count its loss as an attempt. */
async function failWhenStorable(failure: Failure, context: RunContext): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += STORE_EVERY_MS) {
    try {
      await failRun(failure, context);
      return;
    } catch (error) {
      const isAway = error instanceof ShepherdError && error.code === 'DATABASE_UNAVAILABLE';
      if (!isAway || waitedMs >= STORE_FOR_MS || context.signal.aborted) throw error;
    }
    await pause(STORE_EVERY_MS, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

async function carryThrough(run: Run, context: RunContext): Promise<RunOutcome> {
  const journal = openJournal(run, context.db, context.log);
  const end = await walk(journal, context);
  await journal.tell(
    [
      end.outcome === 'skipped' || end.outcome === 'overtaken'
        ? { kind: `run:${end.outcome}`, payload: { ...end }, sentence: end.sentence }
        : { kind: 'run:finished', payload: { ...end }, sentence: `Ended: ${end.outcome} (${end.reason}).` },
    ],
    (client) => finishRun(client, run.id, { state: end.outcome === 'skipped' ? 'skipped' : 'done', ...end }),
  );
  return end;
}

/** In whose name a run acts: that of the person who asked for it, else the schedule's. */
export function actorOf({ request }: Run): string {
  return request.by ?? 'schedule';
}

/** pull → settings → freshness → score → against → check → decide → train → gate → promote → track → forecast; a decision not to train ends it. */
async function walk(journal: Journal, context: RunContext): Promise<RunOutcome> {
  const { db, source, pool } = context;
  const { id: runId, symbol, request } = journal.run;

  // An imported series has no feed but the files a person brings.
  const hasFeed = (await findSeries(db, symbol))?.source !== 'csv' || source.name === 'csv';
  if (hasFeed) {
    await journal.step('pull', async () => ({
      result: await pullSymbol({ ...context, runId }, symbol),
    }));
  }
  // Read only now: the first pull finds out whether the series is one of prices, and where it is traded.
  const kept = await findSeries(db, symbol);
  const series = await listSeries(db, symbol);
  if (series.days.length === 0) {
    return { outcome: 'skipped', reason: 'no-prices', sentence: `There are no prices of ${symbol} yet.` };
  }
  // Kept with the run: taken up again it goes on by the settings it began with.
  const settings = await journal.step('settings', () =>
    Promise.resolve({ result: effectiveSettings(context.settings, kept) }),
  );
  const trial = request.model === undefined ? undefined : { ...kept?.model, ...request.model };
  const base = context.settings.spec;
  const spec = specOfSeries(base, { model: trial ?? kept?.model ?? {}, transform: kept?.transform ?? base.transform });

  if (hasFeed)
    await journal.step('freshness', () => Promise.resolve(checkFreshness(series, source.today(), kept?.timeZone)));

  const champion = await loadChampion(db, symbol);
  if (champion !== undefined) await journal.step('score', () => scoreAndForecast(db, champion, series));
  await db.transaction((client) => scorePredictions(client, symbol));

  // From here on everything is judged against this champion: should it be another when the run is taken up again, a person has acted.
  const against = await journal.step('against', () => Promise.resolve({ result: againstOf(champion?.record) }));
  const carriedOut = 'promote' in journal.run.progress; // then the champion is the one that this run left
  if (!carriedOut && !isAgainst(against, champion?.record)) return giveWay(db, symbol, against);
  const check =
    champion === undefined
      ? null
      : await journal.step('check', () =>
          checkChampion(db, { runId, champion, series, setting: settings.drift, pool }),
        );
  const manual = request.force === true ? (request.reason ?? 'no reason given') : null;
  const decision = await journal.step('decide', () =>
    takeDecision(db, { runId, symbol, series, champion, check, manual, settings }),
  );
  if (decision.kind === 'keep') return { outcome: 'kept', reason: decision.reason, sentence: decision.sentence };
  if (decision.kind === 'undetermined')
    return { outcome: 'undetermined', reason: decision.reason, sentence: decision.sentence };

  const parent = champion && { version: champion.record.model.version, network: champion.network };
  const arms = await journal.step('train', () => trainArms({ run: journal.run, series, spec, parent }, context));
  const gate = await journal.step('gate', () =>
    passGate(db, { runId, symbol, series, champion, arms, trial, settings: settings.gate }),
  );
  const outcome = await journal
    .step('promote', () =>
      carryOut(db, {
        runId,
        symbol,
        series,
        champion,
        decision,
        gate,
        trial,
        windowDays: settings.drift.windowDays,
      }),
    )
    .catch((error: unknown) => {
      if (error instanceof ShepherdError && error.code === 'CONFLICT') return giveWay(db, symbol, against, error);
      throw error;
    });
  if ('outcome' in outcome) return outcome;
  const { tracker } = context;
  if (tracker !== undefined) await journal.step('track', () => trackArms(db, { arms, gate, tracker }));

  const live = await loadChampion(db, symbol);
  if (live === undefined) throw new ShepherdError('NO_CHAMPION', `${symbol} has no champion after its gate.`);
  await journal.step('forecast', () => scoreAndForecast(db, live, series));
  return { outcome: outcome.kind, reason: decision.reason, sentence: gate.verdict.sentence };
}
