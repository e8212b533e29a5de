import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { POSTGRES, PROMETHEUS } from '../../grafana/datasource.ts';
import { projectRoot } from '../helpers/projectRoot.ts';
import { compose, mount, ownServices } from './composeFile.ts';

const read = (...path: string[]): unknown => parse(readFileSync(join(projectRoot, ...path), 'utf8'));

const mountsOf = (service: string): ReadonlyMap<string, string> =>
  new Map((compose.services[service]?.volumes ?? []).map(mount).map(({ target, source }) => [target, source]));

/** The parts looked at; `promtool check config` knows the rest. */
interface PrometheusConfig {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly static_configs?: readonly { readonly targets: readonly string[] }[];
    readonly dns_sd_configs?: readonly { readonly names: readonly string[]; readonly port: number }[];
  }[];
}

const prometheusConfig = () => read('metrics', 'prometheus', 'prometheus.yml') as PrometheusConfig;

test('Prometheus scrapes every service that listens, at its port', () => {
  const { scrape_configs } = prometheusConfig();
  const scraped = scrape_configs.map(({ job_name, static_configs = [], dns_sd_configs = [] }) => [
    job_name,
    [
      ...static_configs.flatMap(({ targets }) => targets),
      ...dns_sd_configs.flatMap(({ names, port }) => names.map((host) => `${host}:${port}`)),
    ],
  ]);
  const listening = ownServices.flatMap(([name, { ports = [] }]) =>
    ports.length === 0 ? [] : [[name, [`${name}:${ports[0]!.split(':').at(-1)!}`]]],
  );
  assert.deepEqual(Object.fromEntries(scraped), Object.fromEntries(listening));
});

test('Prometheus reads the rules that are mounted', () => {
  const { rule_files } = prometheusConfig();
  const mounts = mountsOf('prometheus');
  assert.deepEqual(rule_files, ['rules/*.rules.yml']);
  const rules = readdirSync(join(projectRoot, mounts.get('/etc/prometheus/rules') ?? ''));
  assert.ok(rules.some((file) => file.endsWith('.rules.yml')));
  assert.equal(mounts.get('/etc/prometheus/prometheus.yml'), './metrics/prometheus/prometheus.yml');
});

test('Grafana finds its datasources, under the uids that the dashboards name', () => {
  // Grafana's own format, as is the next
  const { datasources } = read('grafana', 'provisioning', 'datasources', 'shepherd.yml') as {
    datasources: { uid: string; type: string; url: string; user?: string }[];
  };
  assert.equal(mountsOf('grafana').get('/etc/grafana/provisioning'), './grafana/provisioning');
  assert.deepEqual(
    datasources.map(({ uid, type, url }) => ({ uid, type, url })),
    [
      { ...PROMETHEUS, url: 'http://prometheus:9090' },
      { ...POSTGRES, url: 'db:5432' },
    ],
  );
});

test('Grafana asks PostgreSQL with the login that reads views alone', () => {
  const { datasources } = read('grafana', 'provisioning', 'datasources', 'shepherd.yml') as {
    datasources: { uid: string; user?: string; secureJsonData?: { password: string } }[];
  };
  const { user, secureJsonData } = datasources.find(({ uid }) => uid === POSTGRES.uid)!;
  assert.equal(user, 'shepherd_metrics');
  assert.equal(secureJsonData?.password, '$SHEPHERD_METRICS_PASSWORD');
  assert.ok(compose.services['grafana']?.environment?.['SHEPHERD_METRICS_PASSWORD']);
});

test('Prometheus sends its alerts to the Alertmanager, which reads the committed configuration', () => {
  const { alerting } = read('metrics', 'prometheus', 'prometheus.yml') as {
    alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
  };
  assert.deepEqual(
    alerting.alertmanagers.flatMap(({ static_configs }) => static_configs.flatMap(({ targets }) => targets)),
    ['alertmanager:9093'],
  );
  assert.equal(mountsOf('alertmanager').get('/etc/alertmanager'), './grafana/alertmanager');
});

test('Grafana finds the dashboards where they are mounted, and opens with one', () => {
  const { providers } = read('grafana', 'provisioning', 'dashboards', 'shepherd.yml') as {
    providers: { options: { path: string } }[];
  };
  const home = compose.services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
  assert.equal(providers.length, 1);
  for (const { options } of providers) {
    assert.equal(mountsOf('grafana').get(options.path), './grafana/dashboards');
    assert.ok(home.startsWith(`${options.path}/`));
    assert.ok(existsSync(join(projectRoot, home.replace(options.path, 'grafana/dashboards'))));
  }
});
