import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { Books, SymbolBooks, SymbolState } from './books.ts';
import type { DecisionRules } from './decisions.ts';
import type { Entry, RunEntry } from './diary.ts';
import { openEventBook } from './events.ts';
import { openForecastBook } from './forecasts.ts';
import { openPriceBook } from './prices.ts';
import type { YearRecord } from './record.ts';
import { bookRun } from './runs.ts';
import { openServiceBook } from './service.ts';

/**
 * Keeps the books of a year from what the test did, in order, and the prices the feed offered. From the record are taken only what the
 * books cannot know: the figures of a check and of a gate, the distributions that networks forecast, the versions that models were
 * given, and the bands with which a model begins.
 */
export function keepBooks(entries: readonly Entry[], record: YearRecord, rules: DecisionRules): Books {
  const names = new Set(entries.flatMap((entry) => (entry.act === 'scrape' ? [] : [entry.symbol])));
  const symbols = new Map([...names].map((symbol) => [symbol, openSymbol(symbol, record)]));
  const empty = { runs: [], decisions: [], checks: [], gates: [], services: [], scrapes: [] };
  const books: Books = { record, rules, symbols, ...empty, events: openEventBook() };
  for (const entry of entries) book(books, entry);
  return books;
}

function openSymbol(symbol: SeriesSymbol, { forecasts }: YearRecord): SymbolBooks {
  const prices = openPriceBook();
  const service = openServiceBook();
  return {
    prices,
    forecasts: openForecastBook(
      prices,
      service,
      forecasts.filter((row) => row.symbol === symbol),
    ),
    service,
    gates: [],
    alarms: [],
    told: [],
    lastCheck: undefined,
    lastSuccess: undefined,
  };
}

function book(books: Books, entry: Entry): void {
  const { record, runs, services, scrapes } = books;
  if (entry.act === 'scrape') {
    const states = [...books.symbols].map(([symbol, its]): [string, SymbolState] => [symbol, stateOf(its)]);
    scrapes.push({ text: entry.text, runs: [...runs], symbols: new Map(states) });
    return;
  }
  const its = books.symbols.get(entry.symbol)!; // made of the same entries
  const { forecasts, service } = its;
  switch (entry.act) {
    case 'left': {
      const { runId: id, symbol, slot } = entry;
      runs.push({ id, symbol, slot, trigger: 'schedule', state: 'queued', attempts: 0, outcome: null, reason: null });
      return;
    }
    case 'asked':
      for (const answer of entry.answers) its.told.push({ answer, day: null, actual: null });
      return;
    case 'run': {
      if (entry.trigger !== 'manual') supersede(books, entry);
      const { runId: id, symbol, slot, trigger, attempts } = entry;
      const end = bookRun(books, its, entry);
      runs.push({ id, symbol, slot, trigger, attempts, ...end });
      if (end.state === 'done') its.lastSuccess = entry;
      break;
    }
    case 'settled': {
      const { symbol, how, reason: words } = entry;
      const settled = its.prices.settle(how, entry);
      const [first, last] = [settled[0]!, settled.at(-1)!]; // something was held back
      const finding = { kind: first.kind, from: first.day, to: last.day, bars: settled.length };
      books.events.add(symbol, null, `feed:${how}`, { symbol, ...finding, words });
      return;
    }
    case 'forced': {
      const model = record.models.find(({ version }) => version === entry.version)!; // it was put into service
      const { version, trainedTo, band } = model;
      const day = its.prices.days.at(-1)!;
      const previous = service.champion!.version;
      const next = { version, promotedOn: day, validatedTo: trainedTo, referenceTo: trainedTo, band };
      service.promote(next, 'forced', null, entry);
      forecasts.band = band;
      const words = entry.reason;
      books.events.add(entry.symbol, null, 'champion:promoted', { day, version, previous, reason: 'forced', words });
      break;
    }
    case 'rollback': {
      const day = its.prices.days.at(-1)!;
      const from = service.champion!.version;
      const to = service.rollBack(day, entry);
      forecasts.band = service.champion!.band;
      books.events.add(entry.symbol, null, 'champion:rolled-back', { day, from, to, words: entry.reason });
      break;
    }
  }
  services.push({ entry, champion: service.champion, band: forecasts.band });
}

/** A newer slot covers those of the symbol that still wait. */
function supersede({ runs, events }: Books, { symbol, runId: by }: RunEntry): void {
  for (const [i, run] of runs.entries()) {
    if (run.symbol !== symbol || run.state !== 'queued') continue;
    runs[i] = { ...run, state: 'skipped', outcome: 'skipped', reason: 'superseded' };
    events.add(symbol, run.id, 'run:skipped', { reason: 'superseded', by });
  }
}

function stateOf({ prices, forecasts, service, told, lastCheck, lastSuccess }: SymbolBooks): SymbolState {
  return {
    lastDay: prices.days.at(-1),
    held: prices.faults.flatMap(({ kind, resolution }) => (resolution === null ? [kind] : [])),
    champion: service.champion,
    check: lastCheck,
    quality: forecasts.quality(),
    scored: forecasts.booked.filter(({ score }) => score !== undefined).length,
    lastSuccess,
    answers: told.length,
  };
}
