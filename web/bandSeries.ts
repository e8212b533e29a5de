import type {
  CustomData,
  CustomSeriesPricePlotValues,
  CustomSeriesWhitespaceData,
  ICustomSeriesPaneRenderer,
  ICustomSeriesPaneView,
  PaneRendererCustomData,
  PriceToCoordinateConverter,
  Time,
} from 'lightweight-charts';
import { customSeriesDefaultOptions, type CustomSeriesOptions } from 'lightweight-charts';

/** One day of the band. */
export interface BandPoint extends CustomData<Time> {
  readonly lower: number;
  readonly upper: number;
}

/** The space between two lines, filled: the library has areas down to a line, but none between two. */
export class BandSeries implements ICustomSeriesPaneView<Time, BandPoint, CustomSeriesOptions> {
  #data: PaneRendererCustomData<Time, BandPoint> | undefined;
  #options: CustomSeriesOptions = customSeriesDefaultOptions;

  readonly #renderer: ICustomSeriesPaneRenderer = {
    draw: (target, toCoordinate) => {
      target.useMediaCoordinateSpace(({ context }) => {
        this.#fill(context, toCoordinate);
      });
    },
  };

  renderer(): ICustomSeriesPaneRenderer {
    return this.#renderer;
  }

  update(data: PaneRendererCustomData<Time, BandPoint>, options: CustomSeriesOptions): void {
    this.#data = data;
    this.#options = options;
  }

  priceValueBuilder({ lower, upper }: BandPoint): CustomSeriesPricePlotValues {
    return [lower, upper, upper];
  }

  isWhitespace(point: BandPoint | CustomSeriesWhitespaceData<Time>): point is CustomSeriesWhitespaceData<Time> {
    return !('lower' in point);
  }

  defaultOptions(): CustomSeriesOptions {
    return customSeriesDefaultOptions;
  }

  #fill(context: CanvasRenderingContext2D, toCoordinate: PriceToCoordinateConverter): void {
    const range = this.#data?.visibleRange;
    if (this.#data === undefined || range === null || range === undefined) return;
    const bars = this.#data.bars.slice(Math.max(0, range.from - 1), range.to + 1);
    const edge = (side: 'lower' | 'upper') =>
      bars.map(({ x, originalData }) => [x, toCoordinate(originalData[side]) ?? 0] as const);
    const outline = [...edge('upper'), ...edge('lower').reverse()];
    if (outline.length === 0) return;
    context.beginPath();
    for (const [x, y] of outline) context.lineTo(x, y);
    context.closePath();
    context.fillStyle = this.#options.color;
    context.fill();
  }
}
