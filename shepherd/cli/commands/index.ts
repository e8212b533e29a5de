import { assess } from './assess.ts';
import { audit } from './audit.ts';
import { backtest } from './backtest.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { history } from './history.ts';
import { importCommand } from './import.ts';
import { migrateCommand } from './migrate.ts';
import { pinCommand, unpinCommand } from './pin.ts';
import { promoteCommand } from './promote.ts';
import { pull } from './pull.ts';
import { quarantine } from './quarantine.ts';
import { replayCommand } from './replay.ts';
import { reproduce } from './reproduce.ts';
import { requeueCommand } from './requeue.ts';
import { rollback } from './rollback.ts';
import { run } from './run.ts';
import { searchCommand } from './search.ts';
import { settings } from './settings.ts';
import { status } from './status.ts';
import { verify } from './verify.ts';

/** Every command of `shepherd`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  status,
  pull,
  check,
  run,
  history,
  audit,
  promoteCommand,
  rollback,
  pinCommand,
  unpinCommand,
  requeueCommand,
  quarantine,
  settings,
  migrateCommand,
  reproduce,
  verify,
  importCommand,
  assess,
  backtest,
  replayCommand,
  searchCommand,
];
