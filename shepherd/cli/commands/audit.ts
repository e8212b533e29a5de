import { ShepherdError } from '../../../core/errors.ts';
import { findPromotionAt } from '../../../db/tables/promotions.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { listSeries } from '../../../db/tables/series.ts';
import { printResult, textOption, type Command } from './command.ts';

const EVENTS_SHOWN = 20;

export const audit: Command = {
  name: 'audit',
  summary: 'which model was live at a moment, and what had happened until then',
  usage: 'shepherd audit --at <time> [--symbol S] [--json]',
  examples: ['shepherd audit --at 2026-03-16T12:00:00Z', 'shepherd audit --at 2026-03-16 --symbol GSPC'],
  options: { at: { type: 'string' }, symbol: { type: 'string' } },
  async run(context, values) {
    const given = textOption(values, 'at');
    const milliseconds = given === undefined ? Number.NaN : Date.parse(given);
    if (Number.isNaN(milliseconds))
      throw new ShepherdError('INVALID_INPUT', '--at takes a time such as 2026-03-16T12:00:00Z.');
    const at = new Date(milliseconds).toISOString();
    const db = await context.database();
    const wanted = textOption(values, 'symbol');
    const symbols = wanted === undefined ? (await listSeries(db)).map(({ symbol }) => symbol) : [wanted];
    const live = await Promise.all(
      symbols.map(async (symbol) => ({ symbol, promotion: (await findPromotionAt(db, symbol, at)) ?? null })),
    );
    const events = await listEvents(db, {
      until: at,
      limit: EVENTS_SHOWN,
      ...(wanted === undefined ? {} : { symbol: wanted }),
    });
    printResult(context, { at, live, events }, [
      ...live.map(({ symbol, promotion }) =>
        promotion === null
          ? `${symbol}: no model was live at ${at}.`
          : `${symbol}: model ${promotion.version} was live at ${at}, since ${promotion.at} (${promotion.kind}): ${promotion.reason}`,
      ),
      '',
      ...events.map(
        (event) =>
          `${event.at.slice(0, 19)}  ${(event.symbol ?? '-').padEnd(8)} ${event.kind.padEnd(21)} ${event.sentence}`,
      ),
    ]);
    return 0;
  },
};
