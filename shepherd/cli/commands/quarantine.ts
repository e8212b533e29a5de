import { ShepherdError } from '../../../core/errors.ts';
import type { SeriesSymbol } from '../../../core/series/symbol.ts';
import { acceptHeld, listHeld, listSettled, rejectHeld, type Settled } from '../../intake/quarantine.ts';
import { formatTable } from '../table.ts';
import {
  ONE_SYMBOL,
  REASON,
  printResult,
  reasonFor,
  symbolOption,
  type Command,
  type CommandContext,
} from './command.ts';
import { plural } from '../../../core/prose/plural.ts';

export const quarantine: Command = {
  name: 'quarantine',
  summary: 'list bars of a feed that were held back; accept or reject them with a reason that is kept',
  usage:
    'shepherd quarantine [--symbol S] [--settled] [--json] | quarantine accept|reject <number> --reason "…" [--json]',
  examples: [
    'shepherd quarantine',
    'shepherd quarantine --settled --symbol GSPC',
    'shepherd quarantine accept 12 --reason "the fall was real: fraud made public overnight"',
    'shepherd quarantine reject 12 --reason "the exchange corrected its close"',
  ],
  options: {
    symbol: ONE_SYMBOL,
    settled: { type: 'boolean', about: 'those that are no longer held: how, when and why each was settled' },
    reason: REASON,
  },
  async run(context, values, [act, id, ...more]) {
    if (act === undefined) {
      const show = values['settled'] === true ? showSettled : list;
      return show(context, symbolOption(values));
    }
    if ((act !== 'accept' && act !== 'reject') || more.length > 0) {
      throw new ShepherdError(
        'INVALID_INPUT',
        'Write: shepherd quarantine, or quarantine accept|reject <number> --reason "…".',
      );
    }
    const reason = reasonFor(`To ${act}`, values);
    if (id === undefined || !/^\d{1,18}$/.test(id)) {
      throw new ShepherdError(
        'INVALID_INPUT',
        `To ${act} needs the number of a held bar, as shepherd quarantine lists it.`,
      );
    }
    const settle = act === 'accept' ? acceptHeld : rejectHeld;
    const settled = await settle(await context.database(), { id, reason }, context.log);
    printResult(context, settled, [describe(settled, act)]);
    return 0;
  },
};

async function list(context: CommandContext, symbol: SeriesSymbol | undefined): Promise<number> {
  const held = await listHeld(await context.database(), symbol);
  const rows = held.map(({ id, symbol: of, day, kind, bar }) => [id, of, day, kind, String(bar?.close)]);
  const [header = '', ...lines] = formatTable(['number', 'symbol', 'day', 'kind', 'close'], rows);
  const table = [`${header}  why`, ...lines.map((line, i) => `${line}  ${held[i]?.sentence ?? ''}`)];
  printResult(context, { held }, held.length === 0 ? ['Nothing is held back.'] : table);
  return 0;
}

async function showSettled(context: CommandContext, symbol: SeriesSymbol | undefined): Promise<number> {
  const settled = await listSettled(await context.database(), symbol);
  const rows = settled.map(({ id, symbol: of, day, kind, bar, resolution, resolvedAt }) => [
    id,
    of,
    day,
    kind,
    String(bar?.close),
    resolution ?? '',
    resolvedAt ?? '',
  ]);
  const heads = ['number', 'symbol', 'day', 'kind', 'close', 'how', 'when'];
  const [header = '', ...lines] = formatTable(heads, rows);
  const table = [`${header}  why`, ...lines.map((line, i) => `${line}  ${settled[i]?.reason ?? ''}`)];
  printResult(context, { settled }, settled.length === 0 ? ['Nothing that was held back has been settled.'] : table);
  return 0;
}

function describe({ symbol, kind, from, to, bars, stored }: Settled, act: 'accept' | 'reject'): string {
  const days = from === to ? from : `${from} to ${to}`;
  const what = `${symbol}: ${plural(bars, 'bar')} (${kind}, ${days})`;
  if (act === 'reject') return `${what} put aside for good.`;
  const still = stored === bars ? '' : ` ${bars - stored} still held back for another reason.`;
  return `${what} taken as right, ${stored} stored; the next run works with them.${still}`;
}
