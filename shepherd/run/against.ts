import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { ShepherdError } from '../../core/errors.ts';
import type { Client } from '../../db/connection/client.ts';
import { findChampion, type Champion } from '../../db/tables/champions.ts';
import { listPromotions } from '../../db/tables/promotions.ts';
import type { RunOutcome } from './outcome.ts';

/** The champion that a run judges against, plain JSON; null for none. It is stored with the run, as its verdicts are. */
export type Against = {
  readonly version: number;
  readonly sha256: string;
  /** Tells its time in service from an earlier one of the same model. */
  readonly epoch: string;
} | null;

export function againstOf(champion: Champion | undefined): Against {
  if (champion === undefined) return null;
  const { version, sha256 } = champion.model;
  return { version, sha256, epoch: champion.epoch };
}

export function isAgainst(against: Against, champion: Champion | undefined): boolean {
  const now = againstOf(champion);
  return now?.version === against?.version && now?.sha256 === against?.sha256 && now?.epoch === against?.epoch;
}

/**
 * How a run ends whose verdict cannot be carried out, as the champion is another now or is pinned: a person's act stands.
 * @throws ShepherdError `conflict` itself when neither is so.
 */
export async function giveWay(
  client: Client,
  symbol: SeriesSymbol,
  against: Against,
  conflict?: ShepherdError,
): Promise<RunOutcome> {
  const champion = await findChampion(client, symbol);
  const judged = against === null ? 'with no champion in service' : `against model ${against.version}`;
  if (!isAgainst(against, champion)) {
    const [last] = await listPromotions(client, symbol);
    const now =
      champion === undefined || last === undefined
        ? 'there is none by now'
        : `model ${champion.model.version} is in service by now (${last.kind}: ${last.reason})`;
    const sentence = `Overtaken: the run judged ${judged}, and ${now}; nothing was changed.`;
    return { outcome: 'overtaken', reason: 'champion-changed', sentence };
  }
  const pin = champion?.pin ?? null;
  if (pin !== null) {
    const sentence = `Keeping the champion: it is pinned (${pin.reason}); what passed the gate is stored and not in service.`;
    return { outcome: 'kept', reason: 'pinned', sentence };
  }
  throw conflict ?? new ShepherdError('CONFLICT', `The champion of ${symbol} was changed just now.`);
}
