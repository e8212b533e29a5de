import { hostname, userInfo } from 'node:os';

/** Who gives a command: login name and host, as the record keeps it. */
export function personHere(): string {
  return `${loginName()}@${hostname()}`;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`; // a container may run as a user that its system has no name for
  }
}
