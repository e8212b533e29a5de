import {
  LineSeries,
  LineStyle,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type ISeriesApi,
  type SeriesMarker,
  type Time,
} from 'lightweight-charts';
import { BandSeries, type BandPoint } from './bandSeries.ts';
import { decimalsFor } from './figures.ts';
import { word } from './words.ts';

/** A colour of the page's own sheet. */
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export interface DatedValue {
  readonly day: string;
  readonly value: number;
}

export interface Banded {
  readonly day: string;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Mark {
  readonly id: string;
  readonly day: string;
  readonly text: string;
  readonly mood: 'good' | 'warn' | 'bad';
}

const points = (values: readonly DatedValue[]) => values.map(({ day, value }) => ({ time: day, value }));

function plain(container: HTMLElement): IChartApi {
  return createChart(container, { autoSize: true, layout: { attributionLogo: true }, timeScale: { rightOffset: 2 } });
}

function paint(chart: IChartApi): void {
  chart.applyOptions({
    layout: { background: { color: colour('--card') }, textColor: colour('--quiet') },
    grid: { vertLines: { color: colour('--line') }, horzLines: { color: colour('--line') } },
  });
}

/** Closes, the forecasts for them, their band as an area, and what is marked. */
export class PriceChart {
  readonly #chart: IChartApi;
  readonly #band: ISeriesApi<'Custom'>;
  readonly #closes: ISeriesApi<'Line'>;
  readonly #forecasts: ISeriesApi<'Line'>;
  readonly #markers: ReturnType<typeof createSeriesMarkers<Time>>;
  #fitted = false;

  /** @param onMark is told the id of a mark that was clicked */
  constructor(container: HTMLElement, onMark: (id: string) => void = () => undefined) {
    this.#chart = plain(container);
    this.#band = this.#chart.addCustomSeries(new BandSeries(), { priceLineVisible: false, lastValueVisible: false });
    this.#closes = this.#chart.addSeries(LineSeries, { lineWidth: 2, priceLineVisible: false });
    this.#forecasts = this.#chart.addSeries(LineSeries, {
      lineWidth: 2,
      lineStyle: LineStyle.Dashed,
      priceLineVisible: false,
    });
    this.#markers = createSeriesMarkers<Time>(this.#closes);
    this.#chart.subscribeClick(({ hoveredObjectId }) => {
      if (typeof hoveredObjectId === 'string') onMark(hoveredObjectId);
    });
    this.paint();
  }

  paint(): void {
    paint(this.#chart);
    this.#closes.applyOptions({ color: colour('--accent') });
    this.#forecasts.applyOptions({ color: colour('--forecast') });
    this.#band.applyOptions({ color: colour('--band') });
  }

  draw(closes: readonly DatedValue[], forecasts: readonly Banded[], marks: readonly Mark[] = []): void {
    const precision = decimalsFor(closes.at(-1)?.value ?? forecasts[0]?.prediction ?? 1);
    const priceFormat = { type: 'price', precision, minMove: 10 ** -precision } as const;
    this.#closes.applyOptions({ priceFormat, title: word('actual') });
    this.#forecasts.applyOptions({ priceFormat, title: word('forecast') });
    this.#closes.setData(points(closes));
    this.#forecasts.setData(points(forecasts.map(({ day, prediction: value }) => ({ day, value }))));
    this.#band.setData(forecasts.map(({ day, lower, upper }): BandPoint => ({ time: day, lower, upper })));
    const days = new Set(closes.map(({ day }) => day));
    this.#markers.setMarkers(
      marks
        .filter(({ day }) => days.has(day))
        .map(({ id, day, text, mood }): SeriesMarker<Time> => ({
          id,
          time: day,
          text,
          color: colour(`--${mood}`),
          position: mood === 'good' ? 'belowBar' : 'aboveBar',
          shape: mood === 'good' ? 'arrowUp' : 'circle',
        })),
    );
    if (!this.#fitted && closes.length + forecasts.length > 0) {
      this.#fitted = true;
      this.#chart.timeScale().fitContent();
    }
  }

  fitNext(): void {
    this.#fitted = false;
  }
}

/** Lines over time against one limit. */
export class LimitChart {
  readonly #chart: IChartApi;
  readonly #lines = new Map<string, ISeriesApi<'Line'>>();
  readonly #limit: number;
  readonly #limitWord: 'limit' | 'promise';

  constructor(container: HTMLElement, limit: number, limitWord: 'limit' | 'promise') {
    this.#chart = plain(container);
    this.#limit = limit;
    this.#limitWord = limitWord;
    this.paint();
  }

  paint(): void {
    paint(this.#chart);
  }

  draw(lines: ReadonlyMap<string, readonly DatedValue[]>): void {
    const palette = ['--accent', '--forecast', '--warn', '--bad', '--quiet', '--ink'];
    for (const [name, line] of this.#lines) {
      if (lines.has(name)) continue;
      this.#chart.removeSeries(line);
      this.#lines.delete(name);
    }
    for (const [name, values] of lines) {
      let line = this.#lines.get(name);
      if (line === undefined) {
        line = this.#chart.addSeries(LineSeries, {
          lineWidth: 1,
          priceLineVisible: false,
          title: name,
          priceFormat: { type: 'custom', formatter: (share: number) => `${Math.round(100 * share)} %`, minMove: 0.01 },
          // The limit stays in sight however far from it the line is.
          autoscaleInfoProvider: (
            original: () => { priceRange: { minValue: number; maxValue: number } | null } | null,
          ) => {
            const range = original()?.priceRange;
            const [from, to] = [range?.minValue ?? 0, range?.maxValue ?? 1];
            return {
              priceRange: { minValue: Math.min(from, this.#limit), maxValue: Math.max(to, 1.05 * this.#limit) },
            };
          },
        });
        if (this.#lines.size === 0)
          line.createPriceLine({ price: this.#limit, color: colour('--bad'), title: word(this.#limitWord) });
        this.#lines.set(name, line);
      }
      const at = [...lines.keys()].indexOf(name);
      line.applyOptions({ color: colour(palette[at % palette.length]!) });
      line.setData(points(values));
    }
    this.#chart.timeScale().fitContent();
  }
}
