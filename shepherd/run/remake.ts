import { isDeepStrictEqual } from 'node:util';
import { decide, type DecisionInput } from '../../core/decide/decision.ts';
import { judgeCandidate, type GateInput } from '../../core/decide/gate.ts';
import { ShepherdError } from '../../core/errors.ts';
import type { AskedDecision } from '../../db/tables/decisions.ts';

/** A past decision, made again. */
export interface Remade {
  readonly verdict: string;
  readonly reason: string;
  readonly sentence: string;
  readonly numbers: object;
  /** Verdict, reason, sentence and every double are those that were stored. */
  readonly isSame: boolean;
}

/**
 * Makes a past decision again from all that it was made from, by the rules of this build.
 * @throws ShepherdError INVALID_INPUT for one of before its question was kept.
 */
export function remakeDecision(decision: AskedDecision): Remade {
  const { id, stage, question } = decision;
  if (question === null)
    throw new ShepherdError(
      'INVALID_INPUT',
      `Decision ${id} is older than the keeping of what decisions are made from.`,
    );
  // The question was stored by the code that asked it (shepherd/run/decide.ts, gate.ts).
  const { kind, reason, sentence, numbers } =
    stage === 'retrain'
      ? decide(question as unknown as DecisionInput)
      : judgeCandidate(question as unknown as GateInput);
  const { settings, ...stored } = decision.report;
  const isSame =
    isDeepStrictEqual([kind, reason, sentence], [decision.verdict, decision.reason, decision.sentence]) &&
    isDeepStrictEqual(JSON.parse(JSON.stringify(numbers)), stored);
  return { verdict: kind, reason, sentence, numbers, isSame };
}
