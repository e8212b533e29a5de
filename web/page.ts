// Shows what the estimator knows of one series, and asks again every few seconds: a promotion appears by itself.
import { repaintAnswer, offerQuestions } from './ask.ts';
import { offerActs } from './act.ts';
import { LimitChart, PriceChart, type DatedValue } from './charts.ts';
import { ask, element, make, say } from './dom.ts';
import { decimalsFor, figure, percent } from './figures.ts';
import { offerFlock } from './flock.ts';
import { showGlance } from './glance.ts';
import { showModels } from './models.ts';
import type { Overview } from './overview.ts';
import { listMarks, moodOf, openMark, tellStory } from './story.ts';
import { chooseLanguage, language, word } from './words.ts';

const REFRESH_MS = 4_000;
/** Days over which coverage is drawn. */
const COVERED_DAYS = 20;
const LEVEL = 0.9;

const symbolField = element('symbol', HTMLInputElement);
const horizonField = element('horizon', HTMLSelectElement);
const languageField = element('language', HTMLSelectElement);

let chosen = '';
/** What the tables of models were last shown for. */
let shownModels = '';
let last: Overview | undefined;

function notice(text: string): void {
  element('notice').hidden = text === '';
  say('notice', text);
}

const price = new PriceChart(element('chart'), openMark);
const detectors = new LimitChart(element('drift-chart'), 1, 'limit');
const coverage = new LimitChart(element('coverage-chart'), LEVEL, 'promise');
const flock = offerFlock((symbol) => {
  choose(symbol);
  element('prediction').scrollIntoView({ block: 'center' });
});

function drawPrices({ history, forecast, marks }: Overview): void {
  const issued = history.flatMap(({ day, issued: given }) => (given === null ? [] : [{ day, ...given }]));
  price.draw(
    history.map(({ day, close: value }) => ({ day, value })),
    [...issued, ...forecast],
    marks.map(({ day, at, kind }) => ({ id: `${at}-${kind}`, day, text: word(kind), mood: moodOf(kind) })),
  );
}

function drawDetectors({ detectors: told }: Overview): void {
  const lines = new Map<string, Map<string, number>>();
  for (const { day, detector, statistic, limit } of told) {
    const line = lines.get(detector) ?? new Map<string, number>();
    lines.set(detector, line.set(day, statistic / limit)); // the last check of a day counts
  }
  const dated = (line: ReadonlyMap<string, number>): DatedValue[] =>
    Array.from(line, ([day, value]) => ({ day, value }));
  detectors.draw(new Map(Array.from(lines, ([name, line]) => [name, dated(line)])));
  say('drift-note', told.length === 0 ? word('noDetectors') : '');
}

function drawCoverage({ history }: Overview): void {
  const met = history.flatMap(({ day, close, issued }) =>
    issued === null ? [] : [{ day, held: issued.lower <= close && close <= issued.upper }],
  );
  const rolled = met.slice(COVERED_DAYS - 1).map(({ day }, i) => {
    const days = met.slice(i, i + COVERED_DAYS);
    return { day, value: days.filter(({ held }) => held).length / days.length };
  });
  coverage.draw(new Map(rolled.length === 0 ? [] : [[word('band'), rolled]]));
}

function show(overview: Overview): void {
  last = overview;
  const { model, asOf, close, forecast, level, known } = overview;
  chosen = model.symbol;
  if (document.activeElement !== symbolField) symbolField.value = model.symbol;
  showGlance(overview);
  say('chart-note', word('chartNote', { level: percent(level), asOf }));
  notice(overview.database === 'up' ? '' : word('databaseAway'));
  drawPrices(overview);
  drawDetectors(overview);
  drawCoverage(overview);
  const write = (value: number): string => figure(value, decimalsFor(close));
  element('days').replaceChildren(
    ...forecast.map(({ day, prediction, lower, upper }) =>
      make(
        'tr',
        [day, ...[prediction, lower, upper].map(write)].map((text) => make('td', text)),
      ),
    ),
  );
  listMarks(element('marks'), overview.marks);
  tellStory(element('story'), overview.story);
  const symbols = element('symbols');
  if (symbols.childElementCount !== known.length)
    symbols.replaceChildren(...known.map((value) => make('option', '', { value })));
  const served = `${model.symbol} ${model.version}`;
  if (served !== shownModels && overview.database === 'up') {
    shownModels = served;
    void showModels(model.symbol).catch(() => (shownModels = ''));
  }
}

/** What is shown, as the address has it before the first answer and the fields have it after. */
function asked(): URLSearchParams {
  const query = new URLSearchParams({ horizon: horizonField.value });
  const symbol = chosen || new URLSearchParams(location.search).get('symbol');
  if (symbol) query.set('symbol', symbol);
  return query;
}

async function refresh(): Promise<void> {
  try {
    show(await ask<Overview>(`/overview?${asked().toString()}`));
  } catch (cause) {
    notice(cause instanceof TypeError ? word('away') : String((cause as Error).message));
  }
}

function remember(): void {
  const query = asked();
  if (language() !== 'en') query.set('language', language());
  history.replaceState(null, '', `?${query.toString()}`);
}

function choose(symbol: string): void {
  chosen = symbol;
  symbolField.value = symbol;
  price.fitNext();
  remember();
  void refresh();
}

function repaint(): void {
  for (const chart of [price, detectors, coverage]) chart.paint();
  repaintAnswer();
  if (last !== undefined) show(last);
}

const given = new URLSearchParams(location.search);
chooseLanguage(given.get('language') ?? navigator.language);
languageField.value = language();
const horizon = given.get('horizon');
if ([...horizonField.options].some(({ value }) => value === horizon)) horizonField.value = horizon ?? '5';

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
symbolField.addEventListener('change', () => {
  if (symbolField.value !== '') choose(symbolField.value);
});
horizonField.addEventListener('change', () => {
  remember();
  void refresh();
});
languageField.addEventListener('change', () => {
  chooseLanguage(languageField.value);
  remember();
  repaint();
  void flock.refresh().catch(() => undefined);
});
offerQuestions(() => chosen);
offerActs(
  () => chosen,
  () => void refresh(),
);
await refresh();
const flockPart = element('flock', HTMLDetailsElement);
flockPart.addEventListener('toggle', () => {
  if (flockPart.open)
    void flock.refresh().catch((cause: unknown) => {
      say('flock-shown', String(cause));
    });
});
setInterval(() => {
  if (!document.hidden) void refresh();
}, REFRESH_MS);
