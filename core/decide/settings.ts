/** When to retrain and what a retrain may cost. Days are trading days of the series itself. */
export interface DecisionSettings {
  /** A champion neither trained nor revalidated for longer than this is stale. */
  readonly staleAfterDays: number;
  /** Days that must pass after a retrain before age may start another, and after an alarm's before the next alarm may. */
  readonly cooldownDays: number;
  /** At most this many retrains… */
  readonly budgetRetrains: number;
  /** …within this many days. A person's request is not bound by it. */
  readonly budgetDays: number;
}

export const DEFAULT_DECISION_SETTINGS: DecisionSettings = {
  staleAfterDays: 60,
  cooldownDays: 20,
  budgetRetrains: 12,
  budgetDays: 250,
};

/** What the gate asks of a challenger: proof that it is better, or only no sign that it is worse. */
export const GATE_POLICIES = ['superior', 'not-worse'] as const;

export type GatePolicy = (typeof GATE_POLICIES)[number];

export interface GateSettings {
  readonly policy: GatePolicy;
  /** Chance of promoting when no arm is better than the champion, over both arms together. */
  readonly level: number;
  /** Evidence against the champion is remembered for this many held-out days. */
  readonly evidenceDays: number;
}

export const DEFAULT_GATE_SETTINGS: GateSettings = { policy: 'superior', level: 0.05, evidenceDays: 500 };
