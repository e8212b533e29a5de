import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BAND_LEVEL } from '../../core/forecast/band.ts';
import { dashboardFiles } from '../../grafana/build.ts';
import { POSTGRES, PROMETHEUS } from '../../grafana/datasource.ts';
import { LEVEL } from '../../grafana/limits.ts';
import { QUERIES } from '../../grafana/queries.ts';
import { MARKS, STATEMENTS } from '../../grafana/statements.ts';
import { committedDashboards, committedTexts, promTargetsOf, sqlTargetsOf, targetsOf } from './committedDashboards.ts';
import type { Panel } from './committedDashboards.ts';
import { interpolate, metricNames, syntaxErrors } from './promql.ts';

const boards = committedDashboards();
const drawn = boards.flatMap(({ panels }) => panels).filter(({ type }) => type !== 'row');

test('the committed JSON is what the builder gives', () => {
  assert.deepEqual(committedTexts(), dashboardFiles(), 'run: node bin/build.mjs && node dist/grafana/build.js');
});

test('there is a board for the flock, one for a series and one for the services, each linked to the others, page and runbook', () => {
  assert.deepEqual(boards.map(({ uid }) => uid).sort(), ['shepherd-flock', 'shepherd-series', 'shepherd-services']);
  for (const { links } of boards) {
    assert.deepEqual(
      links.map(({ title, url, tags }) => [title, url ?? tags]),
      [
        ['Boards', ['shepherd']],
        ['Page', 'http://localhost:5000'],
        ['Runbook', 'http://localhost:5000/runbook'],
      ],
    );
  }
  const links = JSON.stringify(boards.find(({ uid }) => uid === 'shepherd-flock'));
  assert.ok(
    links.includes('/d/shepherd-series?var-symbol=${__value.text}'),
    'a series of the flock opens its own board',
  );
});

for (const board of boards) {
  test(`${board.uid}: ids are unique and panels neither overlap nor leave the grid`, () => {
    const ids = board.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const [index, panel] of board.panels.entries()) {
      const { x, w } = panel.gridPos;
      assert.ok(x >= 0 && x + w <= 24, panel.title);
      for (const other of board.panels.slice(index + 1)) {
        assert.ok(!overlap(panel, other), `${panel.title} overlaps ${other.title}`);
      }
    }
  });

  test(`${board.uid}: every panel says how to read it, asks something, and asks each source in its own language`, () => {
    for (const { title, description, datasource, targets = [] } of board.panels.filter(({ type }) => type !== 'row')) {
      assert.ok((description?.length ?? 0) > 20, title);
      assert.ok(targets.length > 0, title);
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
      for (const target of targets) {
        assert.equal(target.datasource?.uid, target.expr === undefined ? POSTGRES.uid : PROMETHEUS.uid, title);
        assert.equal(datasource?.uid, target.datasource.uid, title);
      }
    }
    assert.equal(board.timezone, 'utc');
  });

  test(`${board.uid}: every query is PromQL of metrics with the prefix`, () => {
    for (const { expr } of promTargetsOf(board)) {
      assert.deepEqual(syntaxErrors(interpolate(expr)), [], expr);
      for (const name of metricNames(interpolate(expr)))
        assert.match(name, /^(shepherd[_:]|up$|ALERTS$|process_|nodejs_|scrape_)/, expr);
    }
  });
}

test('every query and every statement written is drawn', () => {
  const asked = new Set(boards.flatMap(targetsOf).map(({ expr, rawSql }) => expr ?? rawSql));
  const written = [QUERIES, STATEMENTS, MARKS].flatMap((texts) => Object.values<string>(texts));
  assert.deepEqual(
    written.filter((text) => !asked.has(text)),
    [],
  );
});

test('what is shown as it is now is asked as it is now, and what is drawn over time over the range', () => {
  for (const { title, type, targets = [] } of drawn) {
    for (const { expr, instant, range, format } of targets) {
      const overTime = type === 'timeseries';
      if (expr === undefined) assert.equal(format, overTime ? 'time_series' : 'table', title);
      else assert.deepEqual([instant, range], [!overTime, overTime], title);
    }
  }
});

test('a number is read, not shouted: every single figure has its size', () => {
  const shouting = drawn.filter(
    ({ type, options }) => type === 'stat' && (options as { text?: { valueSize?: number } }).text?.valueSize !== 26,
  );
  assert.deepEqual(
    shouting.map(({ title }) => title),
    [],
  );
});

test('one series: promotions, retrains, alarms, refusals and feed faults are marked with the sentence of the record', () => {
  const series = boards.find(({ uid }) => uid === 'shepherd-series')!;
  const marks = (series.annotations?.list ?? []).filter(({ target }) => target.rawSql !== undefined);
  assert.deepEqual(marks.map(({ name }) => name).sort(), [
    'Alarms',
    'Feed faults',
    'Promotions',
    'Refusals',
    'Retrains',
  ]);
  for (const { target } of marks) assert.match(target.rawSql ?? '', /sentence AS text/);
});

test('the band is drawn as one area under the forecasts, and its level is the one the bands are made for', () => {
  const panel = drawn.find(({ title }) => title === 'Actual against the forecasts that were issued')!;
  const upper = panel.fieldConfig!.overrides.find(({ matcher }) => matcher.options === 'upper')!;
  assert.ok(JSON.stringify(upper.properties).includes('{"id":"custom.fillBelowTo","value":"lower"}'));
  assert.equal(LEVEL, BAND_LEVEL);
});

test('a series is chosen from those that are there', () => {
  const [symbol] = boards.find(({ uid }) => uid === 'shepherd-series')!.templating?.list ?? [];
  assert.deepEqual([symbol?.name, symbol?.query], ['symbol', 'label_values(shepherd_series_info, symbol)']);
  assert.equal(sqlTargetsOf(boards.find(({ uid }) => uid === 'shepherd-services')!).length, 0);
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
