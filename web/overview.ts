import type { Banded } from './charts.ts';

/** What `/overview` answers, as far as the page shows it; estimator/schemas/overview.ts is its contract. */
export interface Overview {
  readonly known: readonly string[];
  readonly level: number;
  readonly skill: number | null;
  readonly coverage: number | null;
  readonly betterThanNaive: boolean | null;
  readonly warning?: string;
  readonly scoredDays: number;
  readonly asOf: string;
  readonly close: number;
  readonly model: { readonly symbol: string; readonly version: number; readonly trainedTo: string };
  readonly history: readonly {
    readonly day: string;
    readonly close: number;
    readonly issued: (Omit<Banded, 'day'> & { readonly version: number }) | null;
  }[];
  readonly forecast: readonly Banded[];
  readonly drift: {
    readonly day: string;
    readonly verdict: 'stable' | 'drifted' | 'undetermined';
    readonly cause: string | null;
  } | null;
  readonly freshness: {
    readonly verdict: 'current' | 'behind' | 'away' | 'unwatched' | 'imported' | 'unknown';
    readonly detail: string;
  };
  readonly database: 'up' | 'down';
  readonly detectors: readonly {
    readonly day: string;
    readonly detector: string;
    readonly statistic: number;
    readonly limit: number;
  }[];
  readonly marks: readonly {
    readonly day: string;
    readonly at: string;
    readonly kind: 'promoted' | 'rolled-back' | 'alarm' | 'refused' | 'fault';
    readonly sentence: string;
  }[];
  readonly story: readonly {
    readonly quiet: boolean;
    readonly runs: number;
    readonly from: string;
    readonly to: string;
    readonly events: readonly { readonly at: string; readonly kind: string; readonly sentence: string }[];
  }[];
}
