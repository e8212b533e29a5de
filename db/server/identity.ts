import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { ShepherdError } from '../../core/errors.ts';
import type { NonEmpty } from '../../core/nonEmpty.ts';

/** `nobody` on Debian, Red Hat and Alpine alike. */
const NOBODY = 65_534;

/** How PostgreSQL's programs are started so that they accept the user they run as. */
export interface Identity {
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
  /** User that must own the data folder, when it is not the one who runs this process. */
  readonly owner?: number;
}

/**
 * PostgreSQL refuses to run as root and as a user without a name. A user namespace gives it another user without adding one to the
 * system, and leaves files owned as they were; where namespaces are not allowed, root steps down to `nobody`.
 * @throws ShepherdError DATABASE_UNAVAILABLE when neither is possible.
 */
export function chooseIdentity(): Identity {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && hasName()) return { prefix: [] };
  const namespace: NonEmpty<string> = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  if (succeeds(namespace)) return { prefix: namespace };
  const stepDown: NonEmpty<string> = [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--no-new-privs',
  ];
  if (isRoot && succeeds(stepDown)) return { prefix: stepDown, owner: NOBODY };
  throw new ShepherdError(
    'DATABASE_UNAVAILABLE',
    `PostgreSQL does not run as ${isRoot ? 'root' : 'a user without a name'} and this system allows no other way; ` +
      'start Shepherd as a normal user, or set DATABASE_URL to a server of your own.',
  );
}

/** The prefix that ends the server when the process that started it dies in any way; empty where the system has none (not Linux). */
export function chooseDeathSignal(): readonly string[] {
  const prefix: NonEmpty<string> = ['setpriv', '--pdeathsig', 'INT'];
  return succeeds(prefix) ? prefix : [];
}

function succeeds([program, ...options]: NonEmpty<string>): boolean {
  return process.platform === 'linux' && spawnSync(program, [...options, 'true'], { stdio: 'ignore' }).status === 0;
}

function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}
