/**
 * The element for `horizon` days ahead of a list that has one for each, first to last.
 * @throws RangeError where it reaches less far: that is a bug, not bad input.
 */
export function ahead<T>(byHorizon: readonly T[], horizon: number): T {
  const found = byHorizon[horizon - 1];
  if (found === undefined) throw new RangeError(`no element for ${horizon} days ahead among ${byHorizon.length}`);
  return found;
}
