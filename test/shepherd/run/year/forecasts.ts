import type { BandState } from '../../../../core/forecast/band.ts';
import type { TradingDay } from '../../../../core/series/day.ts';
import type { ModelVersion } from '../../../../core/model/version.ts';
import { ewma } from './arithmetic.ts';
import { learn, widthOf } from './bands.ts';
import type { PriceBook } from './prices.ts';
import type { ForecastRow } from './rows.ts';
import { qualityOf, scoreOf, type Quality, type Score } from './scores.ts';
import type { ServiceBook } from './service.ts';

/** Days ahead that every champion forecasts. */
const HORIZONS = [1, 2];

/** A forecast that must be stored; what only its network knows (the distribution) is taken from the row itself. */
export interface Booked {
  readonly version: ModelVersion;
  readonly asOf: TradingDay;
  readonly horizon: number;
  readonly naive: number;
  readonly naiveSpread: number;
  /** Half-width of the band, in spreads of the distribution. */
  readonly width: number;
  readonly row: ForecastRow | undefined;
  score?: Score;
}

/** The forecasts of one symbol: one for each day, days ahead and champion in service, and one score for each whose day has come. */
export interface ForecastBook {
  readonly booked: readonly Booked[];
  /** Bands of the champion in service after everything scored so far. */
  band: BandState | undefined;
  /** The champion lives through the days from `from` on that are new to it; answers how many forecasts were scored and given. */
  live(version: ModelVersion, from: TradingDay): { readonly scored: number; readonly issued: number };
  /** Over the newest 60 days that have a score one day ahead that counts. */
  quality(): Quality | undefined;
}

/** @param service says who was in service when a day ended. */
export function openForecastBook(prices: PriceBook, service: ServiceBook, rows: readonly ForecastRow[]): ForecastBook {
  const rowOf = new Map(rows.map((row) => [`${row.version} ${row.asOf} ${row.horizon}`, row]));
  const booked: Booked[] = [];
  const open = new Set<Booked>();
  const book: ForecastBook = {
    booked,
    band: undefined,
    live(version, from) {
      const seen = booked.filter((each) => each.version === version).at(-1)?.asOf;
      const fresh = prices.days.filter((day) => day >= from && (seen === undefined || day > seen));
      let scored = 0;
      const meet = (today: TradingDay): void => {
        for (const each of open) {
          const day = prices.dayAfter(each.asOf, each.horizon);
          if (day === undefined || day > today) continue;
          open.delete(each);
          scored += 1;
          if (each.row === undefined) continue; // its absence is told by the test of the rows
          const inService = service.atEndOf(each.asOf) === each.version;
          each.score = { ...scoreOf(each.row, each.naiveSpread, prices, day), inService };
          if (each.version === version) book.band = learn(book.band!, each.horizon, each.score);
        }
      };
      for (const today of fresh) {
        meet(today);
        for (const horizon of HORIZONS) {
          const row = rowOf.get(`${version} ${today} ${horizon}`);
          const given = {
            version,
            asOf: today,
            horizon,
            naive: prices.closeOf(today),
            naiveSpread: ewma(changesUpTo(prices, today)) * Math.sqrt(horizon),
            width: widthOf(book.band!, horizon, row?.distribution.dof ?? Infinity),
            row,
          };
          booked.push(given);
          open.add(given);
        }
      }
      meet(prices.days.at(-1)!);
      return { scored, issued: fresh.length * HORIZONS.length };
    },
    quality: () =>
      qualityOf(booked.flatMap(({ horizon, score }) => (horizon === 1 && score !== undefined ? [score] : []))),
  };
  return book;
}

function changesUpTo(prices: PriceBook, day: TradingDay): number[] {
  const closes = prices.closes.slice(0, prices.days.indexOf(day) + 1);
  return closes.slice(1).map((close, i) => Math.log(close / closes[i]!));
}
