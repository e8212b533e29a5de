// Shows what the estimator knows of one series, and asks again every few seconds.
import {
  LineSeries,
  LineStyle,
  createChart,
  createSeriesMarkers,
} from './lightweight-charts.standalone.production.mjs';

const REFRESH_MS = 4000;

const element = (id) => document.getElementById(id);
const symbolField = element('symbol');
const horizonField = element('horizon');
const percent = new Intl.NumberFormat('en', {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** Every value of a series is written with as many decimals: two, or more where it is small. */
let number = withDecimals(2);

function withDecimals(decimals) {
  return new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

function useDecimalsFor(value) {
  const decimals = value === 0 ? 2 : Math.min(8, Math.max(2, 3 - Math.floor(Math.log10(Math.abs(value)))));
  number = withDecimals(decimals);
  const priceFormat = { type: 'price', precision: decimals, minMove: 10 ** -decimals };
  for (const line of [closes, upper, lower, forecast]) line.applyOptions({ priceFormat });
}

function say(id, text, mood = '') {
  const target = element(id);
  if (target.textContent !== text) target.textContent = text;
  if (target.classList.contains('figure')) target.className = `figure ${mood}`.trim();
}

function notice(text) {
  element('notice').hidden = text === '';
  say('notice', text);
}

const chart = createChart(element('chart'), {
  autoSize: true,
  layout: { attributionLogo: true },
  timeScale: { rightOffset: 2 },
});
const closes = chart.addSeries(LineSeries, { lineWidth: 2, title: 'close' });
const upper = chart.addSeries(LineSeries, { lineWidth: 1, title: 'upper', priceLineVisible: false });
const lower = chart.addSeries(LineSeries, { lineWidth: 1, title: 'lower', priceLineVisible: false });
const forecast = chart.addSeries(LineSeries, {
  lineWidth: 2,
  lineStyle: LineStyle.Dashed,
  title: 'forecast',
  priceLineVisible: false,
});
const promotions = createSeriesMarkers(forecast);

function paint() {
  const styles = getComputedStyle(document.documentElement);
  const colour = (name) => styles.getPropertyValue(name).trim();
  chart.applyOptions({
    layout: { background: { color: colour('--card') }, textColor: colour('--quiet') },
    grid: { vertLines: { color: colour('--line') }, horzLines: { color: colour('--line') } },
  });
  closes.applyOptions({ color: colour('--accent') });
  forecast.applyOptions({ color: colour('--forecast') });
  for (const edge of [upper, lower]) edge.applyOptions({ color: colour('--band') });
}

/** The past as it was forecast at the time, and the days ahead as they are forecast now. */
function drawChart({ history, forecast: ahead, model, level }) {
  const at = (field) => (point) => ({ time: point.day, value: point[field] });
  const issued = history.flatMap(({ day, issued: given }) => (given === null ? [] : [{ day, ...given }]));
  const withForecast = [...issued, ...ahead.map((given) => ({ ...given, version: model.version }))];
  closes.setData(history.map(at('close')));
  forecast.setData(withForecast.map(at('prediction')));
  upper.setData(withForecast.map(at('upper')));
  lower.setData(withForecast.map(at('lower')));
  // The labels at the right edge are of the last day ahead, not of the next one.
  const edge = `${percent.format(level)} band of ${ahead.at(-1).day}`;
  upper.applyOptions({ title: `top of the ${edge}` });
  lower.applyOptions({ title: `foot of the ${edge}` });
  const first = withForecast.filter(({ version }, i) => version !== withForecast[i - 1]?.version);
  const color = getComputedStyle(document.documentElement).getPropertyValue('--forecast').trim();
  promotions.setMarkers(
    first.map(({ day, version }) => ({
      time: day,
      position: 'belowBar',
      shape: 'arrowUp',
      color,
      text: `model ${version}`,
    })),
  );
}

function showSkill({ skill, coverage, level, betterThanNaive, scoredDays }) {
  if (scoredDays === 0) {
    say('skill', 'Not known yet');
    say('coverage', 'No forecast has met its day.');
    return;
  }
  const verdict = { true: 'Better than naive', false: 'Not better than naive', null: 'Too early to say' };
  say('skill', verdict[betterThanNaive], { true: 'good', false: 'warn', null: '' }[betterThanNaive]);
  const skillText = skill === null ? '' : `skill ${percent.format(skill)}, `;
  say(
    'coverage',
    `${skillText}band held ${percent.format(coverage)} of ${scoredDays} days (promised ${percent.format(level)})`,
  );
}

function showDrift(drift) {
  if (drift === null) {
    say('drift', 'Not checked yet');
    say('drift-detail', '');
    return;
  }
  say('drift', drift.verdict, { stable: 'good', drifted: 'bad', undetermined: 'warn' }[drift.verdict]);
  const cause = drift.cause === null ? '' : `${drift.cause}, `;
  const p = drift.calibratedP === null ? '' : `calibrated p ${drift.calibratedP.toPrecision(2)}, `;
  say('drift-detail', `${cause}${p}on ${drift.day}`);
}

const FRESH = {
  current: { text: 'Up to date', mood: 'good' },
  behind: { text: 'Behind', mood: 'warn' },
  away: { text: 'Feed away', mood: 'warn' },
  unwatched: { text: 'Not looked at', mood: 'bad' },
  imported: { text: 'No feed', mood: '' },
  unknown: { text: 'Not known', mood: 'warn' },
};

function bandsOf({ level, asOf, forecast: ahead }) {
  const share = percent.format(level);
  const past = `Past days: the ${share} band of each day as it was issued the day before.`;
  return `${past} Days ahead: the ${share} band of each day as seen from ${asOf}; it widens with the distance, ${ahead[0].day} being the nearest.`;
}

/** The last change of champion stays in sight, however much has happened since. */
function showPromotion(promotion) {
  element('promotion').hidden = promotion === null;
  if (promotion === null) return;
  const { version, at, kind, by, reason } = promotion;
  const who = by === null ? '' : ` by ${by}`;
  say(
    'promotion',
    `Last promotion: model ${version}, ${at.slice(0, 19).replace('T', ' ')} UTC (${kind}${who}). ${reason}`,
  );
}

function rows(parent, items, make) {
  parent.replaceChildren(...items.map(make));
}

function cell(text) {
  const td = document.createElement('td');
  td.textContent = text;
  return td;
}

function show(overview) {
  const { model, asOf, close, forecast: ahead, freshness, lastPromotion } = overview;
  const [next] = ahead;
  useDecimalsFor(close);
  document.title = `${number.format(next.prediction)} – ${model.symbol} – Shepherd`;
  say('close', number.format(close));
  say('close-day', `${model.symbol} on ${asOf}`);
  say('prediction', number.format(next.prediction));
  say(
    'band',
    `on ${next.day}; its ${percent.format(overview.level)} band: ${number.format(next.lower)} to ${number.format(next.upper)}`,
  );
  showSkill(overview);
  say('version', `Version ${model.version}`);
  say('trained', `trained on days up to ${model.trainedTo}`);
  showPromotion(lastPromotion);
  say('bands', bandsOf(overview));
  showDrift(overview.drift);
  say('fresh', FRESH[freshness.verdict].text, FRESH[freshness.verdict].mood);
  say('fresh-detail', `last day ${asOf}; ${freshness.detail}`);
  notice(overview.database === 'up' ? (overview.warning ?? '') : 'The database is away; this is from memory.');
  drawChart(overview);
  rows(element('days'), ahead, ({ day, prediction, lower: from, upper: to }) => {
    const row = document.createElement('tr');
    row.append(...[day, number.format(prediction), number.format(from), number.format(to)].map(cell));
    return row;
  });
  rows(element('story'), overview.events, ({ at, sentence }) => {
    const item = document.createElement('li');
    const time = document.createElement('time');
    time.dateTime = at;
    time.textContent = at.slice(0, 19).replace('T', ' ');
    item.append(time, sentence);
    return item;
  });
  offerSymbols(overview.known, model.symbol);
}

function offerSymbols(known, chosen) {
  if (known.join() === [...symbolField.options].map(({ value }) => value).join()) return;
  rows(symbolField, known, (symbol) => new Option(symbol, symbol, false, symbol === chosen));
}

/** What is shown, as the address has it before the first answer and the fields have it after. */
function asked() {
  const query = new URLSearchParams({ horizon: horizonField.value });
  const symbol = symbolField.value || new URLSearchParams(location.search).get('symbol');
  if (symbol) query.set('symbol', symbol);
  return query;
}

function takeFromAddress() {
  const horizon = new URLSearchParams(location.search).get('horizon');
  if ([...horizonField.options].some(({ value }) => value === horizon)) horizonField.value = horizon;
}

async function refresh() {
  const query = asked();
  try {
    const reply = await fetch(`/overview?${query}`);
    const body = await reply.json();
    if (reply.ok) show(body);
    else notice(body.error);
  } catch {
    notice('The estimator does not answer; trying again.');
  }
}

paint();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
element('question').addEventListener('change', () => {
  history.replaceState(null, '', `?${asked()}`);
  refresh();
});
takeFromAddress();
await refresh();
chart.timeScale().fitContent();
setInterval(() => {
  if (!document.hidden) refresh();
}, REFRESH_MS);
