import { AggregatorRegistry } from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

/** One line of the exposition; `suffix` is `_bucket`, `_sum` or `_count` in a histogram. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly suffix?: '_bucket' | '_sum' | '_count';
}

/** All samples of one metric name, as a plain value. A family without samples still states its name and meaning. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly samples: readonly Sample[];
}

/** One label set of a histogram, counted elsewhere. */
export interface HistogramSeries {
  readonly labels: Labels;
  /** Upper bounds ascending to Infinity, each with the count of values up to it. */
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly sum: number;
}

export function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'gauge', samples };
}

/** A gauge with the one label `symbol`; a row whose value is not known gives no sample. */
export function gaugeBySymbol<Row extends { readonly symbol: string }>(
  name: string,
  help: string,
  rows: readonly Row[],
  value: (row: Row) => number | null,
): Family {
  const samples = rows.flatMap((row) => {
    const figure = value(row);
    return figure === null ? [] : [{ labels: { symbol: row.symbol }, value: figure }];
  });
  return gauge(name, help, samples);
}

export function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'counter', samples };
}

export function histogram(name: string, help: string, series: readonly HistogramSeries[]): Family {
  return { name, help, type: 'histogram', samples: series.flatMap(histogramSamples) };
}

function histogramSamples({ labels, buckets, sum }: HistogramSeries): Sample[] {
  return [
    ...buckets.map(({ le, count }): Sample => {
      const bound = le === Number.POSITIVE_INFINITY ? '+Inf' : String(le);
      return { labels: { ...labels, le: bound }, value: count, suffix: '_bucket' };
    }),
    { labels, value: sum, suffix: '_sum' },
    { labels, value: buckets.at(-1)?.count ?? 0, suffix: '_count' },
  ];
}

/**
 * The families in Prometheus' text format. A registry is made for each answer and thrown away, so a label that has
 * vanished from the database vanishes from the answer, and two scrapes at once cannot mix.
 */
export async function render(families: readonly Family[]): Promise<string> {
  const metrics = families.map(({ name, help, type, samples }) => ({
    name,
    help,
    type,
    aggregator: 'first',
    values: samples.map(({ labels, value, suffix = '' }) => ({ labels, value, metricName: `${name}${suffix}` })),
  }));
  return AggregatorRegistry.aggregate([metrics]).metrics();
}
