import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../helpers/projectRoot.ts';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export const rulesFile = join(projectRoot, 'grafana', 'alerts', 'shepherd.rules.yml');

/** A rule that only keeps a figure under a name. */
interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export function alertRules(): AlertRule[] {
  return rules().filter((rule) => 'alert' in rule);
}

export function recordingRules(): RecordingRule[] {
  return rules().filter((rule) => 'record' in rule);
}

function rules(): (AlertRule | RecordingRule)[] {
  // The shape is Prometheus' own; `promtool check rules` holds the file to it.
  const { groups } = parse(readFileSync(rulesFile, 'utf8')) as {
    groups: { rules: (AlertRule | RecordingRule)[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}
