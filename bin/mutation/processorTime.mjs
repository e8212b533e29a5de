import { readFileSync, readdirSync } from 'node:fs';

const STALLED_SECONDS = 60;

/**
 * Calls `hang` when a process group has used many times the processor time that it needs, or none for a minute: both
 * hold on a busy machine, where the time on the wall says nothing. Answers how to stop watching.
 */
export function watchGroup(group, cpuSeconds, hang) {
  const limit = 10 + 6 * cpuSeconds;
  const began = performance.now();
  let since = began;
  let first;
  let used = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const total = cpuSecondsOf(group);
    if (total === undefined) {
      if (now - began > (60 + 20 * cpuSeconds) * 1000) hang(`not done after ${60 + 20 * cpuSeconds} s`);
      return;
    }
    first ??= total;
    const seconds = total - first;
    if (seconds > used + 0.02) [used, since] = [seconds, now];
    if (seconds > limit) hang(`took ${limit.toFixed(0)} s of processor time, needs ${cpuSeconds.toFixed(1)}`);
    if (now - since > STALLED_SECONDS * 1000) hang(`did nothing for ${STALLED_SECONDS} s`);
  }, 1000);
  return () => {
    clearInterval(timer);
  };
}

/** Of a process group, from Linux's /proc; undefined elsewhere. */
function cpuSecondsOf(group) {
  let pids;
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  let ticks = 0;
  for (const pid of pids) {
    try {
      // After the name in parentheses: state, parent, group; at 11 to 14 its own ticks and those of its children.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
      if (Number(fields[2]) === group) ticks += fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
    } catch {
      // It has ended.
    }
  }
  return ticks / 100;
}
