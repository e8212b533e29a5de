import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** It accepts connections. */
  readonly ready: boolean;
}

/** The server of a cluster folder, if one is alive (also while it is starting or stopping). */
export function findPostmaster(data: string): Postmaster | undefined {
  // Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, status.
  const lines = readText(lockFile(data))?.split('\n') ?? [];
  const pid = Number(lines[0]);
  if (!isAlive(pid) || !isPostgres(pid)) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Removes the lock of a server that is gone where PostgreSQL itself would not dare to: its id is now another program's (after a restart of
 * the machine or container), or it ended and nobody has waited for it (a container without an init process).
 */
export function removeStaleLock(data: string): void {
  const pid = Number(readText(lockFile(data))?.split('\n')[0]);
  if (Number.isInteger(pid) && takesSignals(pid) && findPostmaster(data) === undefined) rmSync(lockFile(data));
}

/** Whether a process exists and has not ended. */
export function isAlive(pid: number): boolean {
  return takesSignals(pid) && !isZombie(pid);
}

/** Also one that we may not signal exists. */
function takesSignals(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A process that has ended but was not waited for. */
function isZombie(pid: number): boolean {
  return / Z /.test(readText(`/proc/${pid}/stat`)?.replace(/^.*\)/s, '') ?? '');
}

/** Taken for granted where the system does not tell. */
function isPostgres(pid: number): boolean {
  return readText(`/proc/${pid}/cmdline`)?.includes('postgres') ?? true;
}

function lockFile(data: string): string {
  return join(data, 'postmaster.pid');
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
