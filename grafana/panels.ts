import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import * as common from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { ThresholdsConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import * as histogram from '@grafana/grafana-foundation-sdk/histogram';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { POSTGRES, PROMETHEUS } from './datasource.ts';
import { QUERIES } from './queries.ts';
import type { QueryName } from './queries.ts';
import { sqlQuery } from './sqlQuery.ts';
import { STATEMENTS } from './statements.ts';
import type { StatementName } from './statements.ts';

const COLUMNS = 24;
/** Points: a number is read, not shouted. */
const FIGURE_SIZE = 26;

/** What every panel says: its question, how to read the answer, its unit, and its share of the row. */
export interface PanelText {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  /** A whole number of panels of this width fill a row. */
  readonly perRow: number;
}

/** Queries to draw, each with its legend. */
export type Lines = Readonly<Partial<Record<QueryName, string>>>;

/** One number each, as it is now; coloured by `colours`. */
export function numbers(text: PanelText, lines: Lines, colours: Builder<ThresholdsConfig>): stat.PanelBuilder {
  const panel = new stat.PanelBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(PROMETHEUS)
    .span(COLUMNS / text.perRow)
    .height(4)
    .colorMode(BigValueColorMode.Value)
    .text(new common.VizTextDisplayOptionsBuilder().valueSize(FIGURE_SIZE).titleSize(14))
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(colours);
  for (const query of queries(lines)) panel.withTarget(query.instant());
  return panel;
}

/** Lines over time, from Prometheus. */
export function timeline(
  text: PanelText,
  lines: Lines,
  limit: Builder<ThresholdsConfig> | null = null,
): timeseries.PanelBuilder {
  const panel = drawing(text).datasource(PROMETHEUS);
  for (const query of queries(lines)) panel.withTarget(query.range());
  return limit === null ? panel : withLimit(panel, limit);
}

/** Lines over time, from the record. */
export function recorded(
  text: PanelText,
  statement: StatementName,
  limit: Builder<ThresholdsConfig> | null = null,
): timeseries.PanelBuilder {
  const panel = drawing(text)
    .datasource(POSTGRES)
    .withTarget(sqlQuery(statement, STATEMENTS[statement], 'time_series'));
  return limit === null ? panel : withLimit(panel, limit);
}

/** Draws `upper` and `lower` as one area without lines of their own. */
export function banded(panel: timeseries.PanelBuilder): timeseries.PanelBuilder {
  const edge = { id: 'custom.lineWidth', value: 0 };
  const colour = { id: 'color', value: { mode: 'fixed', fixedColor: 'orange' } };
  return panel
    .overrideByName('lower', [edge, colour, { id: 'custom.fillOpacity', value: 0 }])
    .overrideByName('upper', [
      edge,
      colour,
      { id: 'custom.fillOpacity', value: 20 },
      { id: 'custom.fillBelowTo', value: 'lower' },
    ]);
}

/** Rows of the record. */
export function rows(text: PanelText, statement: StatementName): table.PanelBuilder {
  return new table.PanelBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(POSTGRES)
    .span(COLUMNS / text.perRow)
    .height(9)
    .filterable(true)
    .withTarget(sqlQuery(statement, STATEMENTS[statement]));
}

/** The newest values of a query side by side, one row a label set. */
export function listing(text: PanelText, lines: Lines): table.PanelBuilder {
  const panel = new table.PanelBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(PROMETHEUS)
    .span(COLUMNS / text.perRow)
    .height(8)
    .filterable(true);
  for (const query of queries(lines)) panel.withTarget(query.instant().format(PromQueryFormat.Table));
  return panel;
}

/** How often each value was met, in steps of a tenth. */
export function frequencies(text: PanelText, statement: StatementName): histogram.PanelBuilder {
  return new histogram.PanelBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(POSTGRES)
    .span(COLUMNS / text.perRow)
    .height(8)
    .bucketSize(0.1)
    .withTarget(sqlQuery(statement, STATEMENTS[statement]));
}

/** Colours from the lowest value up: `[null, 'green'], [5, 'red']` is green below 5. */
export function colours(...steps: readonly (readonly [from: number | null, color: string])[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

function drawing(text: PanelText): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .span(COLUMNS / text.perRow)
    .height(8)
    .fillOpacity(0)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
}

function withLimit(panel: timeseries.PanelBuilder, limit: Builder<ThresholdsConfig>): timeseries.PanelBuilder {
  return panel
    .thresholds(limit)
    .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

function queries(lines: Lines): DataqueryBuilder[] {
  return Object.entries(QUERIES)
    .filter(([name]) => name in lines)
    .map(
      ([name, expr]) =>
        new DataqueryBuilder()
          .datasource(PROMETHEUS)
          .refId(name)
          .expr(expr)
          .legendFormat(lines[name as QueryName] ?? '__auto'), // a key of QUERIES, from its own entries
    );
}
