import { spawnSync } from 'node:child_process';

/**
 * Options for a test that needs a program outside npm: where it is missing the test is skipped and says so,
 * except in CI, where it runs and fails.
 */
export function skipWithout(program: 'prometheus' | 'promtool' | 'prometheus-alertmanager' | 'amtool'): {
  skip: string | false;
} {
  const found = spawnSync(program, ['--version']).error === undefined;
  const mayMiss = process.env['CI'] !== 'true';
  return {
    skip:
      !found &&
      mayMiss &&
      `${program} is not installed (Debian package "${/alert|amtool/.test(program) ? 'prometheus-alertmanager' : 'prometheus'}")`,
  };
}
