import type { TradingDay } from '../../../../core/series/day.ts';
import type { Evidence } from '../../../../core/decide/evidence.ts';
import type { BandState } from '../../../../core/forecast/band.ts';
import type { ModelVersion } from '../../../../core/model/version.ts';
import type { RunId } from '../../../../core/runId.ts';
import type { Span } from './diary.ts';

/** The model in service as it must be. */
export interface InService {
  readonly version: ModelVersion;
  readonly promotedOn: TradingDay;
  readonly validatedTo: TradingDay;
  readonly referenceTo: TradingDay;
  /** Days of evidence carried against it, by kind of challenger. */
  readonly evidence: { readonly [arm in keyof Evidence]?: readonly TradingDay[] };
  /** Bands with which it went into service. */
  readonly band: BandState;
  readonly promoted: Span;
  readonly validated: Span;
}

/** One line of what was live when. */
export interface BookedPromotion extends Pick<
  InService,
  'version' | 'promotedOn' | 'validatedTo' | 'referenceTo' | 'band'
> {
  readonly previous: ModelVersion | null;
  readonly kind: 'first' | 'gate' | 'forced' | 'rollback';
  readonly runId: RunId | null;
}

export interface ServiceBook {
  readonly champion: InService | null;
  readonly promotions: readonly BookedPromotion[];
  /** The version in service when a day ended. */
  atEndOf(day: TradingDay): number | undefined;
  promote(
    next: Omit<InService, 'validated' | 'promoted' | 'evidence'>,
    kind: BookedPromotion['kind'],
    runId: RunId | null,
    at: Span,
  ): void;
  /** The champion has met its challengers on new days and stays. */
  revalidate(to: TradingDay, referenceTo: TradingDay, evidence: InService['evidence'], at: Span): void;
  /** Back to the model before the one in service, as it went into service then; answers its version. */
  rollBack(on: TradingDay, at: Span): number;
}

export function openServiceBook(): ServiceBook {
  let champion: InService | null = null;
  const promotions: BookedPromotion[] = [];
  const book: ServiceBook = {
    promotions,
    atEndOf: (day) => promotions.findLast(({ promotedOn }) => promotedOn <= day)?.version,
    get champion() {
      return champion;
    },
    promote(next, kind, runId, at) {
      const { version, promotedOn, validatedTo, referenceTo, band } = next;
      const previous = champion?.version ?? null;
      promotions.push({ version, promotedOn, validatedTo, referenceTo, band, previous, kind, runId });
      champion = { ...next, evidence: {}, promoted: at, validated: at };
    },
    revalidate(to, referenceTo, evidence, at) {
      const before = champion!; // only a champion is revalidated
      const validatedTo = to > before.validatedTo ? to : before.validatedTo;
      champion = { ...before, validatedTo, referenceTo, evidence, validated: at };
    },
    rollBack(on, at) {
      const version = champion!.version; // only a champion is rolled back
      const arrival = promotions.findLast((each) => each.version === version && each.kind !== 'rollback')!;
      const before = promotions.findLast((each) => each.version === arrival.previous)!;
      book.promote({ ...before, promotedOn: on }, 'rollback', null, at);
      return before.version;
    },
  };
  return book;
}
