import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { LIMITS } from '../../grafana/limits.ts';
import { projectRoot } from '../helpers/projectRoot.ts';
import { alertRules, recordingRules, rulesFile } from './alertRules.ts';
import { interpolate, syntaxErrors } from './promql.ts';
import { skipWithout } from '../helpers/debianTool.ts';

const rules = alertRules();

test('every alert expression is PromQL and every alert has its own name', () => {
  assert.ok(rules.length > 0);
  for (const { expr } of rules) assert.deepEqual(syntaxErrors(interpolate(expr)), [], expr);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
});

test('every alert has a runbook heading with meaning, first check and first action, and the runbook no others', () => {
  const sections = readFileSync(join(projectRoot, 'grafana', 'runbook.md'), 'utf8')
    .split(/^## /m)
    .slice(1);
  const headings = sections.map((section) => section.slice(0, section.indexOf('\n')));
  assert.deepEqual([...headings].sort(), rules.map(({ alert }) => alert).sort());
  for (const section of sections) {
    assert.match(section, /\*\*Meaning\.\*\* [^]{20,}\*\*First check\.\*\* [^]{20,}\*\*First action\.\*\* [^]{20,}/);
  }
  for (const { alert, annotations, labels } of rules) {
    assert.equal(annotations['runbook_url'], `http://localhost:5000/runbook#${alert.toLowerCase()}`);
    assert.ok(annotations['summary']);
    assert.match(labels['severity'] ?? '', /^(warning|critical)$/);
  }
});

test('alerts and dashboard share their limits', () => {
  const drawnAt: Readonly<Record<string, number>> = {
    DataStale: LIMITS.missedDays,
    RunOverdue: LIMITS.runAgeSeconds,
    ModelNotValidated: LIMITS.validatedAgeSeconds,
    DriftUnanswered: LIMITS.driftAnswerSeconds,
    WorseThanNaive: LIMITS.skill,
    BandsTooNarrow: LIMITS.coverage,
    ErrorBudgetBurningFast: LIMITS.failedShare,
    LatencyBudgetBurningSlowly: LIMITS.slowShare,
  };
  for (const [alert, limit] of Object.entries(drawnAt)) {
    const expr = rules.find((rule) => rule.alert === alert)?.expr ?? '';
    const compared = [...expr.matchAll(/[<>]=? (?:[\d.]+ \* )?(-?[\d.]+)/g)].map((match) => Number(match[1]));
    assert.ok(compared.includes(limit), `${alert} compares with ${compared.join(', ')}, the dashboard with ${limit}`);
  }
});

test('a prediction counts as slow from the same limit on in the rules and on the boards', () => {
  const slow = recordingRules().filter(({ record }) => record.startsWith('shepherd:predict_slow:'));
  assert.equal(slow.length, 4);
  for (const { expr } of slow) assert.ok(expr.includes(`le="${LIMITS.predictSeconds}"`), expr);
});

test('the cases for promtool see every alert fire and stay silent', () => {
  const file = join(dirname(rulesFile), 'shepherd.test.yml');
  // promtool holds the file to this shape
  const { tests } = parse(readFileSync(file, 'utf8')) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts: { exp_labels: object }[] }[] }[];
  };
  for (const { alert } of rules) {
    const cases = tests.flatMap((each) => each.alert_rule_test).filter(({ alertname }) => alertname === alert);
    assert.ok(
      cases.some((each) => each.exp_alerts.length > 0),
      `${alert} is never seen to fire`,
    );
    assert.ok(
      cases.some((each) => each.exp_alerts.length === 0) || cases.some((each) => each.exp_alerts.length === 1),
      `${alert} is never seen to stay silent for one while it fires for another`,
    );
  }
});

test('promtool: the rules are sound and fire when they should', skipWithout('promtool'), () => {
  for (const args of [
    ['check', 'rules', 'shepherd.rules.yml'],
    ['test', 'rules', 'shepherd.test.yml'],
  ]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: dirname(rulesFile), encoding: 'utf8' });
    assert.equal(status, 0, `promtool ${args.join(' ')}\n${stdout}${stderr}`);
  }
});

test('amtool: the configuration of the Alertmanager is sound, with its examples', skipWithout('amtool'), () => {
  const file = join(projectRoot, 'grafana', 'alertmanager', 'alertmanager.yml');
  const { status, stdout, stderr } = spawnSync('amtool', ['check-config', file], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /4 receivers/);
});
