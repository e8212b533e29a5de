import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/* eslint-disable @typescript-eslint/no-deprecated -- the successor, dashboardv2, is not what Grafana's file provisioning reads */

/** Where the page is when everything runs on one machine; behind a proxy, put its address here and build again. */
const PAGE = 'http://localhost:5000';

export interface BoardText {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
}

/** A panel of any kind, not yet numbered. */
export interface Numbered extends Builder<Panel> {
  id(id: number): this;
}

/** A board with its rows of panels, under one head of links to the other boards, the page and the runbook. */
export function board(text: BoardText, parts: Readonly<Record<string, readonly Numbered[]>>): DashboardBuilder {
  const dashboard = new DashboardBuilder(text.title)
    .uid(text.uid)
    .description(text.description)
    .tags(['shepherd'])
    .time({ from: text.from, to: 'now' })
    .timezone('utc')
    .refresh('30s')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('Boards')
        .type(DashboardLinkType.Dashboards)
        .tags(['shepherd'])
        .asDropdown(false)
        .keepTime(false),
    )
    .link(new DashboardLinkBuilder('Page').type(DashboardLinkType.Link).url(PAGE).targetBlank(true))
    .link(new DashboardLinkBuilder('Runbook').type(DashboardLinkType.Link).url(`${PAGE}/runbook`).targetBlank(true));
  let id = 0;
  for (const [title, panels] of Object.entries(parts)) {
    dashboard.withRow(new RowBuilder(title).id((id += 1)));
    for (const panel of panels) dashboard.withPanel(panel.id((id += 1)));
  }
  return dashboard;
}
