import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../helpers/projectRoot.ts';

export interface Target {
  readonly refId: string;
  /** A query to Prometheus. */
  readonly expr?: string;
  /** A statement to PostgreSQL. */
  readonly rawSql?: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: string;
  readonly datasource?: { readonly uid: string };
}

type Options = Readonly<Record<string, unknown>>;

export interface FieldConfig {
  readonly defaults: {
    readonly unit?: string;
    readonly min?: number;
    readonly max?: number;
    readonly thresholds?: {
      readonly mode: string;
      readonly steps: readonly { readonly value: number | null; readonly color: string }[];
    };
    readonly mappings?: readonly { readonly type: string; readonly options: Options }[];
  };
  readonly overrides: readonly {
    readonly matcher: { readonly options: string };
    readonly properties: readonly unknown[];
  }[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: FieldConfig;
  readonly options?: { readonly reduceOptions?: { readonly calcs: readonly string[] } };
  readonly transformations?: readonly { readonly id: string; readonly options: Options }[];
}

export interface CommittedDashboard {
  readonly uid: string;
  readonly timezone: string;
  readonly links: readonly { readonly title: string; readonly url?: string; readonly tags: readonly string[] }[];
  readonly panels: readonly Panel[];
  readonly annotations?: {
    readonly list?: readonly {
      readonly target: Target;
      readonly name: string;
      readonly datasource: { readonly uid: string };
    }[];
  };
  readonly templating?: {
    readonly list?: readonly {
      readonly name: string;
      readonly query: string;
      readonly includeAll?: boolean;
      readonly multi?: boolean;
      readonly allValue?: string;
      readonly current?: { readonly value: string };
      readonly datasource: { readonly uid: string };
    }[];
  };
}

const folder = join(projectRoot, 'grafana', 'dashboards');

/** The JSON files as Grafana will read them, by file name. */
export function committedTexts(): ReadonlyMap<string, string> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

export function committedDashboards(): CommittedDashboard[] {
  // The shape is what the tests look at; that it is there is what they find out.
  return [...committedTexts().values()].map((text) => JSON.parse(text) as CommittedDashboard);
}

/** Every query Grafana will send for a dashboard: panels and annotations. */
export function targetsOf(dashboard: CommittedDashboard): Target[] {
  return [
    ...dashboard.panels.flatMap((panel) => panel.targets ?? []),
    ...(dashboard.annotations?.list ?? []).map(({ target }) => target),
  ];
}

export interface PromTarget extends Target {
  readonly expr: string;
}

export interface SqlTarget extends Target {
  readonly rawSql: string;
}

export const promTargetsOf = (dashboard: CommittedDashboard): PromTarget[] =>
  targetsOf(dashboard).filter((target): target is PromTarget => target.expr !== undefined);

export const sqlTargetsOf = (dashboard: CommittedDashboard): SqlTarget[] =>
  targetsOf(dashboard).filter((target): target is SqlTarget => target.rawSql !== undefined);
