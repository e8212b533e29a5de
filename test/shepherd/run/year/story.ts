import { parseDay, type TradingDay } from '../../../../core/series/day.ts';
import type { PriceBar } from '../../../../core/series/price.ts';
import { parseSymbol } from '../../../../core/series/symbol.ts';
import type { Life } from './life.ts';
import { eveningsBetween, inUnit, simulateMarket } from './market.ts';

/** The evening on which everything begins, and the last. */
export const FIRST = parseDay('2017-10-06');
const LAST = parseDay('2018-09-28');
/** In these weeks the market moves three times as much. */
export const BREAK = { from: parseDay('2018-02-05'), to: parseDay('2018-04-20') };
const CALM = 0.01;
/** Chosen so that the year meets every reason to train and every reason not to. */
const SEED = 7;

/** On these days a market truly falls by half, before it opens: it looks as if the feed had forgotten a split. */
export const LEAPS = { X: [parseDay('2018-08-27')], Y: [parseDay('2018-03-14')] };

/** X, followed day by day, and Y, a younger listing that somebody looks after once a month. */
export const MARKETS = {
  X: simulateMarket({
    from: '2015-07-27',
    to: LAST,
    seed: SEED,
    fall: LEAPS.X[0],
    volatility: (day) => (day >= BREAK.from && day <= BREAK.to ? 3 * CALM : CALM),
  }),
  Y: simulateMarket({ from: '2015-09-14', to: LAST, seed: SEED + 1, volatility: () => CALM, fall: LEAPS.Y[0] }),
};

type Act = (life: Life) => Promise<void> | void;

/** What the feed does before the clock strikes, on evenings on which it does not simply tell the day's bar. */
const FEED: Readonly<Record<string, Act>> = {
  // A close in pence, told rightly the evening after.
  '2017-10-12': ({ feed }) => {
    tellToday(feed, (bar) => inUnit(bar, 100), 'unit-error');
  },
  '2017-10-13': ({ feed }) => {
    feed.right(parseSymbol('X'), parseDay('2017-10-12'));
    feed.deliver(parseSymbol('X'));
  },
  // A close in halves, told rightly two evenings after, when a later day has arrived.
  '2017-10-24': ({ feed }) => {
    tellToday(feed, (bar) => inUnit(bar, 1 / 2), 'split-unadjusted');
  },
  '2017-10-26': ({ feed }) => {
    feed.right(parseSymbol('X'), parseDay('2017-10-24'));
    feed.deliver(parseSymbol('X'));
  },
  // A close corrected two days later; a volume corrected a day later.
  '2017-11-02': ({ feed }) => {
    feed.tell(parseSymbol('X'), parseDay('2017-10-31'), (bar) => inUnit(bar, 1.006));
    feed.deliver(parseSymbol('X'));
  },
  '2017-11-07': ({ feed }) => {
    feed.tell(parseSymbol('X'), parseDay('2017-11-06'), (bar) => ({ ...bar, volume: 1 }));
    feed.deliver(parseSymbol('X'));
  },
  // Three silent evenings; then all comes at once.
  '2017-11-14': () => undefined,
  '2017-11-15': () => undefined,
  '2017-11-16': () => undefined,
  '2017-11-21': ({ feed }) => {
    feed.answers = false;
  },
  // A close in pence, and never told rightly.
  '2018-06-29': ({ feed }) => {
    feed.tell(parseSymbol('Y'), feed.today, (bar) => inUnit(bar, 100), 'unit-error');
    feed.deliver(parseSymbol('X'));
  },
  // Closed on the fourth of July, and late the day after: nobody may call it silent.
  '2018-07-05': () => undefined,
  '2018-07-10': ({ feed }) => {
    feed.split(parseSymbol('X'), { day: feed.today, numerator: 2, denominator: 1 });
    feed.deliver(parseSymbol('X'));
  },
};

function tellToday(feed: Life['feed'], change: (bar: PriceBar) => PriceBar, fault: string): void {
  feed.tell(parseSymbol('X'), feed.today, change, fault);
  feed.deliver(parseSymbol('X'));
}

/** What happens instead of one shepherd working on the evening's slot. */
const EVENINGS: Readonly<Record<string, Act>> = {
  '2017-11-28': async (life) => life.work(await life.claim(parseSymbol('X'), { both: true }), { both: true }),
  // Asked for by a person, and three shepherds die over it: while training, after the gate, after the promotion.
  '2018-06-05': async (life) => {
    await life.work(await life.ask(parseSymbol('X'), 'to see'), {
      level: 4,
      deaths: [
        { at: 'retrain:decided', how: 'stopped' },
        { at: 'gate:judged', how: 'killed' },
        { at: 'champion:promoted', how: 'killed' },
      ],
    });
  },
  // Nobody works; the next slot covers this one.
  '2018-05-15': async (life) => {
    life.leave(await life.claim(parseSymbol('X')));
  },
  // No shepherd is there for three evenings; the morning after, one slot is caught up.
  '2018-05-21': () => undefined,
  '2018-05-22': () => undefined,
  '2018-05-23': async (life) => life.work(await life.claim(parseSymbol('X'), { late: 11 * 3_600_000 })),
  // A person is not bound by the cooldown.
  '2018-08-07': async (life) => life.work(await life.ask(parseSymbol('X'), 'once more'), { level: 4 }),
};

/** What people do after the evening's run. */
const PEOPLE: Readonly<Record<string, Act>> = {
  '2017-12-05': (life) => life.call(parseSymbol('X')),
  '2018-04-04': (life) => life.settle(parseSymbol('Y'), 'accepted', 'I sold in time'),
  '2018-06-07': (life) => life.call(parseSymbol('X')),
  '2018-06-12': (life) => life.rollBack(parseSymbol('X'), 'it looks odd'),
  '2018-06-19': (life) => life.forceNewest(parseSymbol('X'), 'I know better'),
  '2018-06-26': (life) => life.rollBack(parseSymbol('X'), 'I did not'),
  '2018-07-03': (life) => life.settle(parseSymbol('Y'), 'rejected', 'pence'),
  '2018-09-28': (life) => life.call(parseSymbol('X')),
};

/** Lives through the year: every weekday evening X, at the end of each month Y and a scrape. */
export async function liveThrough(life: Life): Promise<void> {
  const evenings = eveningsBetween(FIRST, LAST);
  for (const [i, today] of evenings.entries()) {
    life.feed.today = today;
    life.feed.answers = true;
    await (
      FEED[today] ??
      (({ feed }: Life) => {
        feed.deliver(parseSymbol('X'));
      })
    )(life);
    await (EVENINGS[today] ?? (async () => life.work(await life.claim(parseSymbol('X')))))(life);
    await PEOPLE[today]?.(life);
    if (monthOf(today) === monthOf(evenings[i + 1])) continue;
    life.feed.deliver(parseSymbol('Y'));
    await life.work(await life.ask(parseSymbol('Y'), null));
    await life.scrape();
  }
}

function monthOf(day: TradingDay | undefined): string | undefined {
  return day?.slice(0, 7);
}
