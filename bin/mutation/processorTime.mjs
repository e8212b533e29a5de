import { readFileSync, readdirSync } from 'node:fs';

/** Times, a second apart. */
const STALLED_LOOKS = 60;

/**
 * Calls `hang` when a process group has used many times the processor time that it needs, or none at any of sixty looks:
 * both hold on a machine that is busy or was asleep, where the clock says nothing. Answers how to stop watching.
 */
export function watchGroup(group, cpuSeconds, hang) {
  const limit = 10 + 6 * cpuSeconds;
  const began = performance.now();
  let idle = 0;
  let first;
  let used = 0;
  const timer = setInterval(() => {
    const total = cpuSecondsOf(group);
    if (total === undefined) {
      if (performance.now() - began > (60 + 20 * cpuSeconds) * 1000) hang(`not done after ${60 + 20 * cpuSeconds} s`);
      return;
    }
    if (total === STOPPED) return; // from outside, which is no fault of its own
    first ??= total;
    const seconds = total - first;
    idle = seconds > used + 0.02 ? 0 : idle + 1;
    used = Math.max(used, idle === 0 ? seconds : used);
    if (seconds > limit) hang(`took ${limit.toFixed(0)} s of processor time, needs ${cpuSeconds.toFixed(1)}`);
    if (idle > STALLED_LOOKS) hang(`did nothing for ${STALLED_LOOKS} s`);
  }, 1000);
  return () => {
    clearInterval(timer);
  };
}

const STOPPED = Symbol('stopped');

/** Of a process group, or `STOPPED`; from Linux's /proc; undefined elsewhere. */
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
      if (Number(fields[2]) !== group) continue;
      if (fields[0] === 'T') return STOPPED;
      ticks += fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
    } catch {
      // It has ended.
    }
  }
  return ticks / 100;
}
