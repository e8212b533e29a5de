import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom, normal } from '../../core/random.ts';
import { addDays, parseDay, weekday, type TradingDay } from '../../core/series/day.ts';

/** A day as the replay server tells it; fields are free of type so that faults can be served too. */
export interface ReplayBar {
  readonly day: string;
  readonly close: unknown;
  readonly open?: unknown;
  readonly high?: unknown;
  readonly low?: unknown;
  readonly adjclose?: unknown;
  readonly volume?: unknown;
}

export interface ReplaySeries {
  readonly timeZone?: string;
  /** Local opening and closing time, `HH:MM`. */
  readonly opensAt?: string;
  readonly closesAt?: string;
  readonly bars: readonly ReplayBar[];
  readonly splits?: readonly { day: string; numerator: number; denominator: number }[];
  readonly dividends?: readonly { day: string; amount: number }[];
}

/** What to do with one request instead of answering it from the series. */
export type ReplayAnswer =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body: string;
      readonly headers?: Record<string, string>;
    }
  | { readonly kind: 'body'; readonly body: string }
  /** The connection stays open and silent. */
  | { readonly kind: 'hang' }
  /** The connection is cut in the middle of the body. */
  | { readonly kind: 'cut' }
  /** The usual answer, changed. */
  | { readonly kind: 'edit'; edit(body: ChartBody): unknown };

export interface ChartBody {
  chart: { result: Record<string, unknown>[] | null; error: unknown };
}

export interface YahooReplay {
  /** For `YAHOO_HOST`. */
  readonly host: string;
  /** Paths with their queries, in order of arrival. */
  readonly requests: readonly URL[];
  setSeries(symbol: string, series: ReplaySeries): void;
  /** Used up one a request, before the series answer again. */
  enqueue(...answers: readonly ReplayAnswer[]): void;
  close(): Promise<void>;
}

/** A loopback server that answers as `query2.finance.yahoo.com/v8/finance/chart` does, for the real client. */
export async function createYahooReplay(options: {
  readonly series?: Readonly<Record<string, ReplaySeries>>;
  /** Milliseconds; decides which session `currentTradingPeriod` describes. */
  readonly now?: () => number;
}): Promise<YahooReplay> {
  const series = new Map(Object.entries(options.series ?? {}));
  const requests: URL[] = [];
  const queue: ReplayAnswer[] = [];
  const now = options.now ?? Date.now;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push(url);
    const symbol = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
    const known = series.get(symbol);
    const usual = (): ChartBody => {
      const period = (name: string): number => Number(url.searchParams.get(name));
      return chartBody(symbol, known ?? { bars: [] }, period('period1'), period('period2'), now());
    };
    const answer = queue.shift();
    if (answer !== undefined) misbehave(response, answer, usual);
    else if (known === undefined) send(response, 404, JSON.stringify(NOT_FOUND));
    else send(response, 200, JSON.stringify(usual()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one

  return {
    host: `http://127.0.0.1:${port}`,
    requests,
    setSeries: (symbol, value) => void series.set(symbol, value),
    enqueue: (...answers) => void queue.push(...answers),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A seeded random walk on weekdays (or every day), one bar a day from `from` on. */
export function walkBars(options: {
  readonly from: string;
  readonly days: number;
  readonly seed: number;
  readonly start?: number;
  readonly everyDay?: boolean;
}): (ReplayBar & { readonly day: TradingDay; readonly close: number })[] {
  const random = createRandom(options.seed);
  const bars = [];
  let close = options.start ?? 100;
  for (let day = parseDay(options.from); bars.length < options.days; day = addDays(day, 1)) {
    if (options.everyDay !== true && (weekday(day) === 0 || weekday(day) === 6)) continue;
    const open = close;
    close = Math.fround(close * Math.exp(0.01 * normal(random)));
    const [low, high] = [Math.min(open, close) * 0.995, Math.max(open, close) * 1.005];
    bars.push({ day, open, high, low, close, adjclose: close, volume: 1_000_000 + Math.floor(random() * 1e6) });
  }
  return bars;
}

const NOT_FOUND = {
  chart: { result: null, error: { code: 'Not Found', description: 'No data found, symbol may be delisted' } },
};

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers }).end(body);
}

function misbehave(response: ServerResponse, answer: ReplayAnswer, usual: () => ChartBody): void {
  switch (answer.kind) {
    case 'status':
      send(response, answer.status, answer.body, { 'content-type': 'text/plain', ...answer.headers });
      break;
    case 'body':
      send(response, 200, answer.body);
      break;
    case 'edit':
      send(response, 200, JSON.stringify(answer.edit(usual())));
      break;
    case 'cut': {
      const body = JSON.stringify(usual());
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.write(body.slice(0, body.length / 2), () => response.socket?.resetAndDestroy());
      break;
    }
    case 'hang':
      break;
  }
}

/** Yahoo's answer for the bars that open in [period1, period2], both in seconds. */
function chartBody(symbol: string, series: ReplaySeries, period1: number, period2: number, nowMs: number): ChartBody {
  const { timeZone = 'America/New_York', opensAt = '09:30', closesAt = '16:00' } = series;
  const opening = (day: string): number => instantIn(timeZone, day, opensAt) / 1_000;
  const within = ({ day }: { day: string }): boolean => opening(day) >= period1 && opening(day) <= period2;
  const bars = series.bars.filter(within);
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(nowMs);
  const cells = (field: keyof ReplayBar): unknown[] => bars.map((bar) => bar[field] ?? null);
  const keyed = <T extends { day: string }>(events: readonly T[] | undefined, tell: (event: T) => object): object =>
    Object.fromEntries(
      (events ?? []).filter(within).map((event) => [opening(event.day), { date: opening(event.day), ...tell(event) }]),
    );
  const splits = keyed(series.splits, ({ numerator, denominator }) => ({
    numerator,
    denominator,
    splitRatio: `${numerator}:${denominator}`,
  }));
  const dividends = keyed(series.dividends, ({ amount }) => ({ amount }));
  const events = {
    ...(Object.keys(dividends).length > 0 && { dividends }),
    ...(Object.keys(splits).length > 0 && { splits }),
  };
  const session = { timezone: 'LOC', start: opening(today), end: instantIn(timeZone, today, closesAt) / 1_000 };
  const meta = {
    currency: 'USD',
    symbol,
    exchangeName: 'NMS',
    instrumentType: 'EQUITY',
    firstTradeDate: 0,
    regularMarketTime: Math.floor(nowMs / 1_000),
    gmtoffset: (instantIn('UTC', today, opensAt) - instantIn(timeZone, today, opensAt)) / 1_000,
    timezone: 'LOC',
    exchangeTimezoneName: timeZone,
    regularMarketPrice: 1,
    priceHint: 2,
    currentTradingPeriod: { pre: session, regular: session, post: session },
    dataGranularity: '1d',
    range: '',
    validRanges: ['1d', 'max'],
  };
  const quote = Object.fromEntries(
    (['volume', 'low', 'open', 'high', 'close'] as const).map((field) => [field, cells(field)]),
  );
  const rows =
    bars.length === 0
      ? { indicators: { quote: [{}], adjclose: [{}] } }
      : {
          timestamp: bars.map(({ day }) => opening(day)),
          indicators: { quote: [quote], adjclose: [{ adjclose: cells('adjclose') }] },
        };
  return {
    chart: { result: [{ meta, ...rows, ...(Object.keys(events).length > 0 && { events }) }], error: null },
  };
}

/** The instant (milliseconds) at which clocks in `timeZone` show `day` and `time`. */
export function instantIn(timeZone: string, day: string, time: string): number {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const shownAt = (instant: number): number => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
  const guess = wanted - (shownAt(wanted) - wanted);
  return guess - (shownAt(guess) - wanted);
}
