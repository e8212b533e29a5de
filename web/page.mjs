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
const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 7, minimumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

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
function drawChart({ history, forecast: ahead, model }) {
  const at = (field) => (point) => ({ time: point.day, value: point[field] });
  const issued = history.flatMap(({ day, issued: given }) => (given === null ? [] : [{ day, ...given }]));
  const withForecast = [...issued, ...ahead.map((given) => ({ ...given, version: model.version }))];
  closes.setData(history.map(at('close')));
  forecast.setData(withForecast.map(at('prediction')));
  upper.setData(withForecast.map(at('upper')));
  lower.setData(withForecast.map(at('lower')));
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

function rows(parent, items, make) {
  parent.replaceChildren(...items.map(make));
}

function cell(text) {
  const td = document.createElement('td');
  td.textContent = text;
  return td;
}

function show(overview) {
  const { model, asOf, close, forecast: ahead } = overview;
  const [next] = ahead;
  document.title = `${number.format(next.prediction)} – ${model.symbol} – Shepherd`;
  say('close', number.format(close));
  say('close-day', `${model.symbol} on ${asOf}`);
  say('prediction', number.format(next.prediction));
  say(
    'band',
    `on ${next.day}; ${percent.format(overview.level)} band ${number.format(next.lower)} to ${number.format(next.upper)}`,
  );
  showSkill(overview);
  say('version', `Version ${model.version}`);
  say('trained', `trained on days up to ${model.trainedTo}`);
  showDrift(overview.drift);
  say('fresh', asOf);
  say('fresh-detail', overview.database === 'up' ? 'the last day known here' : 'the database is away', '');
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

async function refresh() {
  const query = new URLSearchParams({ horizon: horizonField.value });
  if (symbolField.value !== '') query.set('symbol', symbolField.value);
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
element('question').addEventListener('change', refresh);
await refresh();
chart.timeScale().fitContent();
setInterval(() => {
  if (!document.hidden) refresh();
}, REFRESH_MS);
