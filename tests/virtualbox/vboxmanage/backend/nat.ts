// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { connect } from 'node:net';
import type { Forward } from '../state.js';

/** What the hook is told of a machine's NAT adapter. */
export interface NatFile {
  mac: string;
  /** slirp4netns listens here. */
  socket: string;
  stopped: string;
  forwards: Forward[];
  /** Written by the hook: the process that is the router. */
  process?: number;
}

/**
 * Makes the forwarded ports of a running machine be these. A port that somebody has is left out in silence, as VirtualBox
 * only notes it in the machine's log. Source of the protocol: https://github.com/rootless-containers/slirp4netns/blob/master/slirp4netns.1.md
 */
export async function setForwards(socket: string, rules: readonly Forward[]): Promise<void> {
  const open = await ask(socket, { execute: 'list_hostfwd' });
  for (const entry of entriesOf(open))
    await ask(socket, { execute: 'remove_hostfwd', arguments: { id: entry } });
  for (const rule of rules)
    await ask(socket, {
      execute: 'add_hostfwd',
      arguments: {
        proto: rule.protocol,
        host_addr: rule.hostAddress === '' ? '0.0.0.0' : rule.hostAddress,
        host_port: rule.hostPort,
        guest_addr: rule.guestAddress === '' ? '10.0.2.15' : rule.guestAddress,
        guest_port: rule.guestPort,
      },
    });
}

async function ask(socket: string, request: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let text = '';
    connection.on('error', reject);
    connection.on('data', (chunk) => (text += chunk.toString()));
    connection.on('end', () => {
      try {
        resolve(JSON.parse(text));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    connection.end(JSON.stringify(request));
  });
}

function entriesOf(answer: unknown): number[] {
  if (typeof answer !== 'object' || answer === null || !('return' in answer)) return [];
  const { return: content } = answer;
  if (
    typeof content !== 'object' ||
    content === null ||
    !('entries' in content) ||
    !Array.isArray(content.entries)
  )
    return [];
  return content.entries.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'number'
      ? [entry.id]
      : [],
  );
}
