// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { spawn } from 'node:child_process';

/** Runs a program of the host to its end; throws what it said when it fails. */
export async function host(program: string, ...args: string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complained = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${complained.trim() || `exit status ${status ?? '?'}`}`);
  return said;
}

/** The same, where a failure means that there is nothing to do. */
export async function tryHost(program: string, ...args: string[]): Promise<string> {
  return host(program, ...args).catch(() => '');
}
