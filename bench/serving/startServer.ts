import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MemoryFigures, ServerKind } from './benchServer.ts';

export interface BenchServer {
  readonly url: string;
  /** After a garbage collection. */
  memory(): Promise<MemoryFigures>;
  stop(): Promise<void>;
}

/** Starts a server to be measured in a process of its own, so that the load generator does not share its thread. */
export async function startServer(kind: ServerKind, databaseUrl?: string): Promise<BenchServer> {
  const child = fork(
    fileURLToPath(new URL('./benchServer.js', import.meta.url)),
    databaseUrl === undefined ? [kind] : [kind, databaseUrl],
    { execArgv: ['--expose-gc'] },
  );
  const ended = once(child, 'exit');
  const message = async <T>(): Promise<T> => {
    const answer: unknown[] = await Promise.race([once(child, 'message'), ended.then(() => [])]);
    if (answer[0] === undefined) throw new Error(`the ${kind} server ended`);
    return answer[0] as T; // `benchServer.ts` sends nothing else
  };
  const { url } = await message<{ url: string }>();
  return {
    url,
    async memory() {
      child.send('memory');
      return (await message<{ figures: MemoryFigures }>()).figures;
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
