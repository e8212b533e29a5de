import type { FastifyInstance } from 'fastify';
import { ShepherdError } from '../core/errors.ts';

export interface Address {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/**
 * Listens and answers with the URL, without a slash at the end.
 * @param setting the variable that chooses the port, for the message.
 * @throws ShepherdError INVALID_CONFIG when the port is taken or may not be used.
 */
export async function listen(app: FastifyInstance, { host, port }: Address, setting: string): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const reason = REASONS[codeOf(error)];
    if (reason === undefined) throw error;
    throw new ShepherdError('INVALID_CONFIG', `Port ${port} of ${host} ${reason}; set ${setting} to a free one.`, {
      cause: error,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another program',
  EACCES: 'may not be used by this user',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
