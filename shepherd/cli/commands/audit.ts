import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sentenceWithActor } from '../../../core/events.ts';
import { plural } from '../../../core/prose/plural.ts';
import { readBundle } from '../../../db/tables/bundle.ts';
import type { SeriesSymbol } from '../../../core/series/symbol.ts';
import { ShepherdError } from '../../../core/errors.ts';
import { findDecision } from '../../../db/tables/decisions.ts';
import { remakeDecision } from '../../run/remake.ts';
import { findPromotionAt, findRecordedChampion, type Promotion } from '../../../db/tables/promotions.ts';
import type { Client } from '../../../db/connection/client.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { listSeries, requireSeries } from '../../../db/tables/series.ts';
import { keepSealed } from '../../record/keepSealed.ts';
import { openCheckpoints } from '../../record/keptCheckpoints.ts';
import { ONE_SYMBOL, printResult, symbolOption, textOption, type Command, type CommandContext } from './command.ts';

const EVENTS_SHOWN = 20;

export const audit: Command = {
  name: 'audit',
  summary: 'which model was live at a moment, and what had happened until then',
  usage:
    'shepherd audit --at <time> [--symbol S] [--json] | audit --bundle FILE --symbol S [--json] | audit replay <id> [--json]',
  examples: [
    'shepherd audit --at 2026-03-16T12:00:00Z',
    'shepherd audit --at 2026-03-16 --symbol GSPC',
    'shepherd audit --bundle record.json --symbol GSPC',
    'shepherd audit replay 17   (a decision, as shepherd history --json numbers it)',
  ],
  options: {
    at: { type: 'string', about: 'the moment: a day (its midnight in UTC) or a time with its zone' },
    symbol: ONE_SYMBOL,
    bundle: { type: 'string', about: 'write the whole record of a series to this file, to be checked elsewhere' },
  },
  async run(context, values, [act, id]) {
    if (act === 'replay') return replayDecision(context, id);
    const file = textOption(values, 'bundle');
    if (file !== undefined) return exportBundle(context, file, symbolOption(values));
    const at = instantOf(textOption(values, 'at'));
    const db = await context.database();
    const wanted = symbolOption(values);
    const series = wanted === undefined ? await listSeries(db) : [await requireSeries(db, wanted)];
    const symbols = series.map(({ symbol }) => symbol);
    const live = await Promise.all(symbols.map((symbol) => findLive(db, symbol, at)));
    const events = await listEvents(db, {
      until: at,
      limit: EVENTS_SHOWN,
      ...(wanted === undefined ? {} : { symbol: wanted }),
    });
    printResult(context, { at, live, events }, [
      ...live.flatMap((each) => describe(each, at)),
      '',
      ...events.map(
        (event) =>
          `${event.at.slice(0, 19)}Z  ${(event.symbol ?? '-').padEnd(8)} ${event.kind.padEnd(21)} ${sentenceWithActor(event)}`,
      ),
    ]);
    return 0;
  },
};

const DIFFERENT = 1;

async function replayDecision(context: CommandContext, id: string | undefined): Promise<number> {
  if (id === undefined || !/^[1-9]\d{0,17}$/.test(id))
    throw new ShepherdError(
      'INVALID_INPUT',
      'audit replay takes the number of a decision; shepherd history --json lists them.',
    );
  const decision = await findDecision(await context.database(), id);
  if (decision === undefined) throw new ShepherdError('INVALID_INPUT', `There is no decision ${id}.`);
  const remade = remakeDecision(decision);
  const { symbol, day, verdict, reason, sentence, seal } = decision;
  const sealed = {
    sealed: 'stands as it was sealed',
    waiting: 'waits to be sealed',
    altered: 'is not as it was sealed',
  };
  printResult(context, { decision: { id, symbol, day, verdict, reason, sentence, seal }, remade }, [
    `${symbol} ${day}: ${sentence} (${verdict}: ${reason})`,
    remade.isSame
      ? 'Made again from what was stored, it is the same to the last bit of every number.'
      : `Made again from what was stored, it is another: ${remade.sentence} (${remade.verdict}: ${remade.reason})`,
    `The row ${sealed[seal]}.`,
  ]);
  return remade.isSame && seal !== 'altered' ? 0 : DIFFERENT;
}

async function exportBundle(context: CommandContext, file: string, symbol: SeriesSymbol | undefined): Promise<number> {
  if (symbol === undefined)
    throw new ShepherdError('INVALID_INPUT', 'A bundle is the record of one series; add --symbol S.');
  const db = await context.database();
  await requireSeries(db, symbol);
  const kept = await openCheckpoints(join(context.config.dataDir, 'checkpoints'));
  await keepSealed(db, kept, context.log);
  const bundle = await readBundle(db, symbol, kept.signer.verifierKey);
  await writeFile(file, `${JSON.stringify(bundle, null, 1)}\n`).catch((cause: unknown) => {
    throw new ShepherdError(
      'INVALID_INPUT',
      `${file} cannot be written: ${cause instanceof Error ? cause.message : ''}`,
      {
        cause,
      },
    );
  });
  const { leaves, models, checkpoint, verifierKey } = bundle;
  printResult(context, { file, symbol, leaves: leaves.length, models: models.length, checkpoint, verifierKey }, [
    `${symbol}: a record of ${plural(leaves.length, 'leaf', 'leaves')} and ${plural(models.length, 'model')} are in ${file}.`,
    `Check it anywhere with: node bin/check-bundle.mjs ${file} ${verifierKey}`,
  ]);
  return 0;
}

/** The same question has the same answer everywhere, so a time without a zone is none. */
function instantOf(given: string | undefined): string {
  const milliseconds = given === undefined ? Number.NaN : Date.parse(given);
  if (given === undefined || Number.isNaN(milliseconds))
    throw new ShepherdError('INVALID_INPUT', '--at takes a moment such as 2026-03-16T12:00:00Z, or a day: 2026-03-16.');
  if (!/^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:?\d\d))?$/i.test(given))
    throw new ShepherdError(
      'INVALID_INPUT',
      `--at "${given}" has no time zone; write it as in 2026-03-16T12:00:00Z or 2026-03-16T09:00:00-03:00.`,
    );
  return new Date(milliseconds).toISOString();
}

interface Live {
  readonly symbol: string;
  /** By the record of events; null before the first. */
  readonly version: number | null;
  /** The row with its reason; null where there is none for what the record says. */
  readonly promotion: Promotion | null;
  /** What does not agree; null when all does. */
  readonly doubt: string | null;
}

/** The record answers; the table of promotions only adds its words where it agrees. */
async function findLive(client: Client, symbol: SeriesSymbol, at: string): Promise<Live> {
  const recorded = await findRecordedChampion(client, symbol, at);
  const row = (await findPromotionAt(client, symbol, at)) ?? null;
  const version = recorded?.version ?? null;
  if (recorded?.seal === 'altered') {
    const doubt = `event ${recorded.eventId} of the record is not as it was appended; see shepherd verify`;
    return { symbol, version, promotion: null, doubt };
  }
  if (version === (row?.version ?? null)) return { symbol, version, promotion: row, doubt: null };
  const claims = row === null ? 'knows of none' : `says model ${row.version} since ${row.at}`;
  const doubt = `the table of promotions ${claims}, which the record does not tell`;
  return { symbol, version, promotion: null, doubt };
}

function describe({ symbol, version, promotion, doubt }: Live, at: string): string[] {
  const why = promotion === null ? '' : `, since ${promotion.at} (${promotion.kind}): ${promotion.reason}`;
  const what = version === null ? `no model was live at ${at}.` : `model ${version} was live at ${at}${why}`;
  return [`${symbol}: ${what}`, ...(doubt === null ? [] : [`${symbol}: in doubt: ${doubt}.`])];
}
