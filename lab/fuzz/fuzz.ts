import { createRandom } from '../../core/random.ts';
import { hostileRequest, type HostileRequest } from './hostileRequest.ts';
import { faultOf, sendHostile } from './sendHostile.ts';

export interface FuzzResult {
  readonly sent: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Everything that should not have come, with the request that brought it. */
  readonly faults: readonly { readonly fault: string; readonly request: HostileRequest }[];
}

/** Sends `count` hostile requests from a seed, a few at a time. */
export async function fuzz(
  url: string,
  {
    count,
    seed,
    onProgress,
  }: { readonly count: number; readonly seed: number; readonly onProgress?: (sent: number) => void },
): Promise<FuzzResult> {
  const random = createRandom(seed);
  const byStatus: Record<string, number> = {};
  const faults: { fault: string; request: HostileRequest }[] = [];
  let sent = 0;
  const sender = async (): Promise<void> => {
    while (sent < count) {
      sent += 1;
      onProgress?.(sent);
      const request = hostileRequest(random);
      const reply = await sendHostile(url, request);
      const status = reply === undefined ? 'cut' : String(reply.status);
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      const fault = faultOf(request, reply);
      if (fault !== undefined) faults.push({ fault, request });
    }
  };
  await Promise.all(Array.from({ length: 8 }, sender));
  return { sent, byStatus, faults };
}
