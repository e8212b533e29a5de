import type { ArmName, Evidence } from '../decide/evidence.ts';
import { judgeCandidate, type GateInput, type PromotionVerdict } from '../decide/gate.ts';
import type { GateSettings } from '../decide/settings.ts';
import type { BandState } from '../forecast/band.ts';
import type { Series } from '../series/price.ts';
import { scoreHeldOut, type AccountableModel } from './heldOut.ts';
import { forecastLosses, naiveLosses } from './losses.ts';

/** A trained arm before the gate. */
export interface Contender {
  readonly name: ArmName;
  readonly model: AccountableModel;
}

export interface GateQuestion<C extends Contender> {
  /** Up to today; its last days were held out from every arm. */
  readonly series: Series;
  readonly champion: AccountableModel | null;
  readonly arms: readonly C[];
  /** Evidence against the champion from earlier gates. */
  readonly carried: Evidence;
  readonly settings: GateSettings;
}

export interface GateOutcome<C extends Contender> {
  readonly verdict: PromotionVerdict;
  /** What the verdict was made from, as plain values: `judgeCandidate` makes it again from them. */
  readonly asked: GateInput;
  /** The arm to put into service, with its bands' state after the held-out days; null where the champion stays. */
  readonly winner: { readonly arm: C; readonly band: BandState } | null;
}

/** Sets champion, arms and naive on the same held-out days, which none of the arms has seen, and judges. */
export function judgeArms<C extends Contender>(question: GateQuestion<C>): GateOutcome<C> {
  const { series, champion, carried, settings } = question;
  const arms = question.arms.map((arm) => ({ arm, ...scoreHeldOut(arm.model, series) }));
  const asked: GateInput = {
    champion: champion === null ? null : forecastLosses(scoreHeldOut(champion, series).days),
    arms: arms.map(({ arm, days }) => ({ name: arm.name, losses: forecastLosses(days) })),
    naive: naiveLosses(arms[0]?.days ?? []),
    carried,
    settings,
  };
  const verdict = judgeCandidate(asked);
  const best = verdict.kind === 'promote' ? arms.find(({ arm }) => arm.name === verdict.arm) : undefined;
  return { verdict, asked, winner: best === undefined ? null : { arm: best.arm, band: best.band } };
}
