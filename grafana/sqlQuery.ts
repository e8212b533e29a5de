import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { POSTGRES } from './datasource.ts';

/** A question to PostgreSQL as Grafana's own editor stores it; the SDK has no builder for this source. */
interface SqlQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof POSTGRES;
  readonly editorMode: 'code';
  readonly rawQuery: true;
  readonly format: 'table' | 'time_series';
  readonly rawSql: string;
}

export function sqlQuery(refId: string, rawSql: string, format: SqlQuery['format'] = 'table'): Builder<Dataquery> {
  const query: SqlQuery = {
    refId,
    datasource: POSTGRES,
    editorMode: 'code',
    rawQuery: true,
    format,
    rawSql,
    _implementsDataqueryVariant: () => undefined,
  };
  return { build: () => query };
}
