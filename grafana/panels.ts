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
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { DATASOURCE } from './datasource.ts';
import { QUERIES } from './queries.ts';
import type { QueryName } from './queries.ts';

const COLUMNS = 24;

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

/** One number a series, as it is now; coloured by `colours`. */
export function numbers(text: PanelText, lines: Lines, colours: Builder<ThresholdsConfig>): stat.PanelBuilder {
  const panel = new stat.PanelBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(DATASOURCE)
    .span(COLUMNS / text.perRow)
    .height(5)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(colours);
  for (const query of queries(lines)) panel.withTarget(query.instant());
  return panel;
}

/** Lines over time. */
export function timeline(
  text: PanelText,
  lines: Lines,
  limit: Builder<ThresholdsConfig> | null = null,
): timeseries.PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(DATASOURCE)
    .span(COLUMNS / text.perRow)
    .height(8)
    .fillOpacity(5)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  for (const query of queries(lines)) panel.withTarget(query.range());
  if (limit !== null) {
    panel
      .thresholds(limit)
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return panel;
}

/** The newest values side by side, one row a label set. */
export function listing(text: PanelText, lines: Lines): table.PanelBuilder {
  const panel = new table.PanelBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(DATASOURCE)
    .span(COLUMNS / text.perRow)
    .height(8)
    .filterable(true);
  for (const query of queries(lines)) panel.withTarget(query.instant().format(PromQueryFormat.Table));
  return panel;
}

/** Colours from the lowest value up: `[null, 'green'], [5, 'red']` is green below 5. */
export function colours(...steps: readonly (readonly [from: number | null, color: string])[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

function queries(lines: Lines): DataqueryBuilder[] {
  return Object.entries(QUERIES)
    .filter(([name]) => name in lines)
    .map(
      ([name, expr]) =>
        new DataqueryBuilder()
          .datasource(DATASOURCE)
          .refId(name)
          .expr(expr)
          .legendFormat(lines[name as QueryName] ?? '__auto'), // a key of QUERIES, from its own entries
    );
}
