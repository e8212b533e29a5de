import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATASOURCE } from './datasource.ts';
import { QUERIES } from './queries.ts';
import { drift } from './rows/drift.ts';
import { fresh } from './rows/fresh.ts';
import { happened } from './rows/happened.ts';
import { quality } from './rows/quality.ts';
import { speed } from './rows/speed.ts';

/** The operator's questions, in the order they are asked. */
const ROWS = {
  'Is it fresh?': fresh,
  'Has it drifted?': drift,
  'Is it any good?': quality,
  'How fast is it?': speed,
  'What happened?': happened,
};

/* eslint-disable @typescript-eslint/no-deprecated -- the successor, dashboardv2, is not what Grafana's file provisioning reads */
export function buildDashboard(): Dashboard {
  const dashboard = new DashboardBuilder('Shepherd')
    .uid('shepherd')
    .description('Is the forecast fresh, has the data drifted, is it any good, how fast is it, what happened?')
    .tags(['shepherd'])
    .time({ from: 'now-6h', to: 'now' })
    .timezone('utc')
    .refresh('30s')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(symbolVariable())
    .annotation(promotions());
  let id = 0;
  for (const [question, panels] of Object.entries(ROWS)) {
    dashboard.withRow(new RowBuilder(question).id((id += 1)));
    for (const panel of panels()) dashboard.withPanel(panel.id((id += 1)));
  }
  return dashboard.build();
}
/* eslint-enable @typescript-eslint/no-deprecated */

function symbolVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder('symbol')
    .label('Series')
    .datasource(DATASOURCE)
    .query('label_values(data_last_day_timestamp_seconds, symbol)')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all' });
}

/** A mark at the moment of each promotion: the metric's value is that moment. */
function promotions(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Promotions')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('blue')
    .target(new DataqueryBuilder().datasource(DATASOURCE).refId('promotions').expr(QUERIES.promotedAt).range())
    .expr(QUERIES.promotedAt)
    .titleFormat('{{symbol}} promoted')
    .useValueForTime(true);
}
