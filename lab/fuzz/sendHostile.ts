import { connect } from 'node:net';
import type { HostileRequest } from './hostileRequest.ts';

/** What came back: the status and body, or `undefined` when the connection ended without an answer. */
export interface HostileReply {
  readonly status: number;
  readonly body: string;
}

/** Sends the pieces on a connection of their own and reads until it closes; hangs up after the last piece when it may be cut. */
export function sendHostile(url: string, { pieces, mayBeCut }: HostileRequest): Promise<HostileReply | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined); // a server that cuts a hostile sender off is in its right; `close` follows
    socket.on('close', () => {
      resolve(readReply(Buffer.concat(chunks).toString('utf8')));
    });
    for (const piece of pieces) socket.write(piece);
    if (mayBeCut) socket.end();
  });
}

function readReply(text: string): HostileReply | undefined {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
  if (status === undefined) return undefined;
  return { status: Number(status), body: text.slice(text.indexOf('\r\n\r\n') + 4) };
}

/** What is wrong with a reply to a hostile request; `undefined` when nothing is. */
export function faultOf({ mayBeCut }: HostileRequest, reply: HostileReply | undefined): string | undefined {
  if (reply === undefined) return mayBeCut ? undefined : 'no answer';
  if (reply.status >= 500) return `status ${reply.status}`;
  if (/\bat .*\(?(file|node):|node_modules|SELECT |postgres/i.test(reply.body.slice(0, 2_000)) && reply.status >= 400) {
    return 'the answer tells of the inside';
  }
  if (reply.status >= 400 && reply.body !== '' && !/^\{"(error|code)":/.test(reply.body))
    return 'another shape of error';
  return undefined;
}
