import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dashboardFiles } from '../../grafana/build.ts';
import { DATASOURCE } from '../../grafana/datasource.ts';
import { QUERIES } from '../../grafana/queries.ts';
import { committedDashboards, committedTexts, targetsOf } from './committedDashboards.ts';
import type { Panel } from './committedDashboards.ts';
import { interpolate, syntaxErrors } from './promql.ts';

test('the committed JSON is what the builder gives', () => {
  assert.deepEqual(committedTexts(), dashboardFiles(), 'run: node bin/build.mjs && node dist/grafana/build.js');
});

for (const dashboard of committedDashboards()) {
  test(`${dashboard.uid}: the operator's questions stand in order`, () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    assert.deepEqual(rows, ['Is it fresh?', 'Has it drifted?', 'Is it any good?', 'How fast is it?', 'What happened?']);
    assert.equal(dashboard.panels[0]?.type, 'row');
  });

  test(`${dashboard.uid}: ids are unique and panels neither overlap nor leave the grid`, () => {
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const [index, panel] of dashboard.panels.entries()) {
      const { x, w } = panel.gridPos;
      assert.ok(x >= 0 && x + w <= 24, panel.title);
      for (const other of dashboard.panels.slice(index + 1)) {
        assert.ok(!overlap(panel, other), `${panel.title} overlaps ${other.title}`);
      }
    }
  });

  test(`${dashboard.uid}: every panel says how to read it and asks something`, () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    assert.ok(panels.length > 10);
    for (const { title, description, targets } of panels) {
      assert.ok((description?.length ?? 0) > 20, title);
      assert.ok((targets?.length ?? 0) > 0, title);
      assert.equal(new Set(targets?.map(({ refId }) => refId)).size, targets?.length, title);
    }
  });

  test(`${dashboard.uid}: everything asks the provisioned datasource`, () => {
    const asked = [
      ...dashboard.panels.filter(({ type }) => type !== 'row').map(({ datasource }) => datasource),
      ...targetsOf(dashboard).map(({ datasource }) => datasource),
      ...dashboard.annotations.list.map(({ datasource }) => datasource),
      ...dashboard.templating.list.map(({ datasource }) => datasource),
    ];
    for (const datasource of asked) assert.equal(datasource?.uid, DATASOURCE.uid);
  });

  test(`${dashboard.uid}: every query is PromQL`, () => {
    for (const { expr } of targetsOf(dashboard)) assert.deepEqual(syntaxErrors(interpolate(expr)), [], expr);
  });

  test(`${dashboard.uid}: every query written is drawn`, () => {
    const drawn = new Set(targetsOf(dashboard).map(({ expr }) => expr));
    assert.deepEqual(
      Object.values(QUERIES).filter((expr) => !drawn.has(expr)),
      [],
    );
  });
}

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
