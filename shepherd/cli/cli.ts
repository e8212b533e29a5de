import { parseArgs } from 'node:util';
import { ShepherdError } from '../../core/errors.ts';
import { createDatabase, type Database } from '../../db/connection/client.ts';
import { openDatabase } from '../../db/server/open.ts';
import { migrate } from '../../db/schema/migrate.ts';
import { requireSchema } from '../../db/schema/version.ts';
import { personHere } from './personHere.ts';
import { COMMANDS } from './commands/index.ts';
import type { Command, CommandContext, Io, Values } from './commands/command.ts';
import { readConfig } from '../config.ts';
import { createLog } from '../../service/log.ts';
import { describeFailure, exitStatusOf } from '../../service/program.ts';
import { KNOWN_SETTINGS } from '../../service/settings/known.ts';
import { checkNames } from '../../service/settings/names.ts';

const INTERRUPTED = 130;
const USAGE_ERROR = 2;

/** Runs `shepherd <command> …` and answers with the exit status; what goes wrong is one sentence on stderr. */
export async function runCli(argv: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.stdout(overview());
    return name === undefined ? USAGE_ERROR : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    io.stderr(`There is no command "${name}". Commands: ${COMMANDS.map((each) => each.name).join(', ')}.\n`);
    return USAGE_ERROR;
  }
  try {
    return await runCommand(command, rest, env, io);
  } catch (error) {
    return reportFailure(error, command, io);
  }
}

async function runCommand(command: Command, args: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const { values, positionals } = readArguments(command, args);
  if (values['help'] === true) {
    io.stdout(helpOf(command));
    return 0;
  }
  const config = readConfig(env);
  // Progress and events of a command are not its result.
  const log = createLog({
    format: config.logFormat,
    write: (line) => {
      io.stderr(`${line}\n`);
    },
    colour: io.isTerminal,
  });
  for (const warning of checkNames(env)) log.warn(warning);
  const interrupt = new AbortController();
  const onSignal = (): void => {
    interrupt.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const close: (() => Promise<void>)[] = [];
  let opened: Promise<{ database: Database; url: string }> | undefined;
  const create = command.makesDatabase === true;
  const open = (): Promise<{ database: Database; url: string }> => (opened ??= connect(config, create, close));
  const context: CommandContext = {
    io,
    config,
    json: values['json'] === true,
    signal: interrupt.signal,
    log,
    database: async () => (await open()).database,
    databaseUrl: async () => (await open()).url,
  };
  try {
    return await command.run(context, values, positionals);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    for (const end of close.reverse()) await end();
  }
}

function readArguments(
  { options, readsArguments }: Command,
  args: readonly string[],
): { values: Values; positionals: readonly string[] } {
  if (readsArguments === true)
    return { values: { json: args.includes('--json'), help: args.includes('--help') }, positionals: args };
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  return { values, positionals };
}

async function connect(
  config: CommandContext['config'],
  create: boolean,
  close: (() => Promise<void>)[],
): Promise<{ database: Database; url: string }> {
  const server = await openDatabase({
    url: config.databaseUrl,
    dataDir: config.dataDir,
    create,
  });
  close.push(() => server.stop());
  // A database of the person's own changes its tables when they say so.
  await (server.embedded ? migrate(server.urls.owner) : requireSchema(server.urls.shepherd));
  const database = createDatabase({ url: server.urls.shepherd, applicationName: 'shepherd-cli' }).as(personHere());
  close.push(() => database.close());
  return { database, url: server.urls.shepherd };
}

function reportFailure(error: unknown, command: Command, io: Io): number {
  if (error instanceof ShepherdError) {
    io.stderr(`${error.message} (${error.code})\n`);
    return error.exitStatus;
  }
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    const [problem = error.message] = error.message.split('. ');
    io.stderr(`${problem}.\nusage: ${command.usage}\n`);
    return USAGE_ERROR;
  }
  if (error instanceof Error && error.name === 'AbortError') return INTERRUPTED;
  io.stderr(`This is a fault of shepherd itself: ${describeFailure(error)}\n`);
  return exitStatusOf(error);
}

function overview(): string {
  const commands = COMMANDS.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`);
  const settings = KNOWN_SETTINGS.map(
    ({ name, byDefault, expected }) => `  ${name.padEnd(28)} ${expected}; default ${byDefault.replaceAll('`', '')}`,
  );
  return [
    'usage: shepherd <command> [options]',
    '',
    ...commands,
    '',
    'Every command takes --json and --help.',
    '',
    'settings, from the environment:',
    '',
    ...settings,
    '',
    `For one series alone, by shepherd settings: ${KNOWN_SETTINGS.filter(({ perSeries }) => perSeries)
      .map(({ name }) => name)
      .join(', ')}.`,
    '',
  ].join('\n');
}

function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(([name, { about }]) => `  --${name.padEnd(16)} ${about}`);
  return [
    `usage: ${command.usage}`,
    '',
    command.summary,
    '',
    ...(options.length === 0 ? [] : ['options:', ...options, '']),
    'examples:',
    ...command.examples.map((each) => `  ${each}`),
    '',
  ].join('\n');
}
