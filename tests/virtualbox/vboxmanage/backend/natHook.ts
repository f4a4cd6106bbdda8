// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
//
// lxc runs this when a machine has its network but no process yet (`up`), and when it has stopped (`down`). The adapter
// is there then, without an address: the guest asks for one by DHCP, as it would ask VirtualBox's NAT.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, processOf } from '../processes.js';
import { setForwards, type NatFile } from './nat.js';
import { host } from './run.js';

const [verb, file = ''] = process.argv.slice(2);

async function up(nat: NatFile, machine: string): Promise<void> {
  await down(nat);
  rmSync(nat.stopped, { force: true });
  const log = openSync(`${file}.log`, 'w');
  const router = spawn(
    'slirp4netns',
    [
      '--ready-fd=3',
      '--mtu=1500',
      '--cidr=10.0.2.0/24',
      '--disable-host-loopback',
      `--api-socket=${nat.socket}`,
      machine,
      'eth0',
    ],
    { detached: true, stdio: ['ignore', log, log, 'pipe'] },
  );
  closeSync(log);
  const [, , , ready] = router.stdio;
  const isReady = await new Promise<boolean>((resolve) => {
    ready?.once('data', () => {
      resolve(true);
    });
    router.once('exit', () => {
      resolve(false);
    });
  });
  if (!isReady || router.pid === undefined) throw new Error(`no NAT: ${readFileSync(`${file}.log`, 'utf8')}`);
  writeFileSync(file, JSON.stringify({ ...nat, process: router.pid }));
  await host('nsenter', '--net', '--target', machine, 'ip', 'link', 'set', 'eth0', 'address', nat.mac);
  await setForwards(nat.socket, nat.forwards);
  router.unref();
}

/** Ends the router, and no other process that may have got its number. */
async function down({ process: pid, socket }: NatFile): Promise<void> {
  if (pid !== undefined && commandOf(pid).includes(socket)) {
    const router = processOf(pid);
    process.kill(pid);
    for (let wait = 0; wait < 20 && isAlive(router); wait++) await sleep(50);
  }
  rmSync(socket, { force: true });
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function read(): NatFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as NatFile;
  } catch {
    return undefined;
  }
}

const nat = read();
if (nat !== undefined) {
  if (verb === 'up') await up(nat, process.env.LXC_PID ?? '');
  else await down(nat);
}
process.exit(0);
