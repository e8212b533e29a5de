import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../helpers/projectRoot.ts';
import { compose, composePath, composeText, interpolations, mount, ownServices, type Service } from './composeFile.ts';

const services = Object.entries(compose.services);

test('dclint finds no error', () => {
  const dclint = join(projectRoot, 'node_modules', 'dclint', 'bin', 'dclint.cjs');
  const { status, stdout } = spawnSync(process.execPath, [dclint, '--quiet', composePath], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

test('docker compose accepts it with secrets and refuses it without, in one sentence', skipWithoutCompose(), () => {
  const secrets = interpolations(composeText)
    .filter(({ operator }) => operator === ':?')
    .map(({ name }): [string, string] => [name, 'x']);
  const { PATH, HOME, DOCKER_CONFIG } = process.env;
  const config = (given: Readonly<Record<string, string>>) =>
    spawnSync('docker', ['compose', '-f', composePath, '--env-file', '/dev/null', 'config', '-q'], {
      env: { PATH, HOME, DOCKER_CONFIG, ...given },
      encoding: 'utf8',
    });
  const accepted = config(Object.fromEntries(secrets));
  assert.equal(accepted.status, 0, accepted.stderr);
  const refused = config({});
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /^[^\n]*Set (\w+_PASSWORD) in \.env; \.env\.example says how\.\n$/);
});

/** A service that does its work once and ends, rather than listening until it is stopped. */
const isOnce = ({ restart }: Service): boolean => restart === 'no';

test('the seven services run, and nothing that is not asked for', () => {
  const always = services
    .filter(([, service]) => service.profiles === undefined && !isOnce(service))
    .map(([name]) => name);
  assert.deepEqual(always.sort(), ['alertmanager', 'db', 'estimator', 'grafana', 'metrics', 'prometheus', 'shepherd']);
});

test('the image is built by one service, and the others are fetched from nowhere', () => {
  const builders = ownServices.filter(([, { build, profiles }]) => build !== undefined && profiles === undefined);
  assert.deepEqual(
    builders.map(([name]) => name),
    ['shepherd'],
  );
  for (const [name, { pull_policy }] of ownServices) assert.match(pull_policy ?? '', /^(build|never)$/, name);
});

test('every dependency is a service and is waited for until healthy, or until it has done its work', () => {
  for (const [name, { depends_on = {} }] of services) {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      const service = compose.services[needed];
      assert.ok(service, `${name} waits for ${needed}, which does not exist`);
      if (!isOnce(service)) assert.ok(service.healthcheck, `${name} waits for ${needed}, which has no health check`);
      assert.equal(
        condition,
        isOnce(service) ? 'service_completed_successfully' : 'service_healthy',
        `${name} -> ${needed}`,
      );
    }
  }
});

test('the tables are made before any program starts, and by the one that is given the owner', () => {
  const owners = services.filter(([, { environment = {} }]) =>
    Object.values(environment).some((value) => value.includes('postgres:${POSTGRES_PASSWORD')),
  );
  assert.deepEqual(
    owners.map(([name]) => name),
    ['migrate'],
  );
  for (const [name, service] of ownServices) {
    if (isOnce(service)) continue;
    const before = Object.keys(service.depends_on ?? {}).flatMap((needed) => [
      needed,
      ...Object.keys(compose.services[needed]?.depends_on ?? {}),
    ]);
    assert.ok(before.includes('migrate'), name);
  }
});

test('every service has a health check, comes back, and rotates its log', () => {
  for (const [name, service] of services) {
    const { healthcheck, restart, logging } = service;
    if (!isOnce(service)) {
      assert.ok(healthcheck?.test.length, name);
      assert.equal(restart, 'unless-stopped', name);
    }
    assert.match(logging?.options['max-size'] ?? '', /^\d+m$/, name);
    assert.ok(Number(logging?.options['max-file']) > 1, name);
  }
});

test('services hold no rights they do not need', () => {
  for (const [name, service] of services) {
    assert.ok(service.security_opt?.includes('no-new-privileges:true'), name);
    if (name === 'db') continue; // it owns its volume as root before it becomes postgres
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
  }
});

test('ports are published on this machine alone, and the database not at all', () => {
  for (const [name, { ports = [] }] of services) {
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, name);
  }
  assert.equal(compose.services['db']?.ports, undefined);
});

test('named volumes are declared and used, and mounted files exist', () => {
  const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map(mount));
  const named = mounts.filter(({ source }) => /^[\w-]+$/.test(source)).map(({ source }) => source);
  assert.deepEqual([...new Set(named)].sort(), Object.keys(compose.volumes).sort());
  for (const { source } of mounts.filter((each) => each.source.startsWith('.'))) {
    assert.ok(existsSync(join(projectRoot, source)), source);
  }
});

test('each entry point is a source file, and its health is asked at the port it is given', () => {
  assert.ok(ownServices.length >= 3);
  for (const [name, { command, ports, environment, healthcheck }] of ownServices) {
    const [node, script = ''] = command ?? [];
    assert.equal(node, 'node');
    const source = script.replace(/^dist\//, '').replace(/\.js$/, '.ts');
    assert.ok(existsSync(join(projectRoot, source)), `${name}: ${source}`);
    const inside = ports?.[0]?.split(':').at(-1);
    if (inside === undefined) continue; // a worker or a migrator listens to nobody
    assert.equal(environment?.[`${name.toUpperCase()}_PORT`], inside, name);
    assert.ok(String(healthcheck?.test).includes(`:${inside}/health`), name);
  }
});

function skipWithoutCompose(): { skip: string | false } {
  const { status } = spawnSync('docker', ['compose', 'version']);
  return { skip: status !== 0 && 'docker compose is not installed' };
}
