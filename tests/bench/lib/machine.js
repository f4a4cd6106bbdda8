import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { built } from './place.js';

/** What the numbers were measured on: without it they mean nothing. */
export async function thisMachine() {
  const { which } = await built('vagrant/which.js');
  const version = (program, pattern) => {
    if (which(program) === undefined) return undefined;
    return pattern.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1];
  };
  return {
    processors: `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()}, ${os.arch()}`,
    node: process.versions.node,
    vagrant: version('vagrant', /(\d+\.\d+\.\d+)/) ?? 'not installed',
    lxc: version('lxc-start', /(\d+\.\d+\.\d+)/) ?? 'not installed',
    load: loadNow(),
    date: new Date().toISOString().slice(0, 10),
  };
}

/** Processes that want a processor, averaged over the last minute. */
export function loadNow() {
  return os.loadavg()[0].toFixed(2);
}
