/** What came of a run, as its row and its last line say. */
export interface RunOutcome {
  readonly outcome: 'promoted' | 'revalidated' | 'kept' | 'undetermined' | 'overtaken' | 'skipped';
  readonly reason: string;
  readonly sentence: string;
}
