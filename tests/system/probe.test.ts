import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadAssets } from '../../src/assets/load.js';
import { dnsAnswer, dnsQuestion } from '../../src/collect/dnsPacket.js';
import { podsScript } from '../../src/collect/probeScript.js';
import { runProgram } from '../support/k8slab.js';
import { snapshotOf } from '../unit/checks/fixtures.js';

const { cluster } = snapshotOf('probes-1cp-2w');
const namespace = 'k8slab-probe-test';
let folder = '';
let running: ChildProcessWithoutNullStreams | undefined;

/** Writes down how it was called, and answers as an API with sound machines does; `wait` takes its time. */
const kubectl = (seconds: number): string => `#!/bin/bash
args="\${*: 11}"
echo "$args" >>"$CALLS"
case $args in
  wait*) sleep ${seconds} ;;
  *--raw*) echo '{"items":[]}' ;;
  *'.status.podIP'*) echo "B pod cp1 10.244.0.9" ;;
  *nodePort*) echo "B port 31000" ;;
  *'.status.phase'*) printf '%s\\n' 'cp1 logs' 'cp1 exec' 'worker1 logs' 'worker1 exec' 'worker2 exec' ;;
  *'exec probe-cp1 -- /pause -v') echo "pause 3.10.2" ;;
  *'exec probe-worker2 '*) sleep 100 ;;
  *'exec probe-worker1 '*)
    printf 'error: \\tunable to upgrade connection:\\nBearer abc.def\\0' >&2
    exit 1
    ;;
esac
`;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-probe-'));
});
afterEach(() => {
  // It ignores SIGTERM; what fails above leaves it running.
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const calls = (): string[] => readFileSync(path.join(folder, 'calls'), 'utf8').split('\n');

/** The script as `sudo bash -s` gets it over ssh: its input stays open. */
async function hold(waitSeconds: number): Promise<ChildProcessWithoutNullStreams> {
  writeFileSync(path.join(folder, 'kubectl'), kubectl(waitSeconds));
  chmodSync(path.join(folder, 'kubectl'), 0o755);
  writeFileSync(path.join(folder, 'calls'), '');
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH ?? ''}`,
    CALLS: path.join(folder, 'calls'),
  };
  const bash = spawn('bash', ['-s'], { env });
  running = bash;
  const asked = { namespace, objects: '{}', workload: true, boundary: 'B' };
  const script = podsScript(cluster, await loadAssets(), asked);
  expect(script).toContain("TRY_SECONDS='15'");
  bash.stdin.write(script.replace("TRY_SECONDS='15'", "TRY_SECONDS='1'"));
  return bash;
}

async function until(happened: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!happened() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(happened()).toBe(true);
}

const deleted = (): boolean => calls().some((call) => call.startsWith(`delete namespace ${namespace} `));

test('pods: told of as soon as they are there, and removed when nobody listens any more', async () => {
  const bash = await hold(0);
  let said = '';
  bash.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until(() => said.includes('B all\n'));
  const [pod, pods, ...more] = said.split('\n');
  expect([pod, pods]).toEqual(['B pod cp1 10.244.0.9', 'B pods']);
  expect(more.indexOf('B port 31000')).toBeLessThan(
    more.findIndex((line) => line.startsWith('B deployments ')),
  );
  // While the workload starts, in any order, and all of them before the end.
  expect(
    more
      .filter((line) => line.startsWith('B tried '))
      .map((line) => line.trim())
      .sort(),
  ).toEqual([
    'B tried cp1 exec 0 pause 3.10.2',
    'B tried cp1 logs 0',
    'B tried worker1 exec 1 error:  unable to upgrade connection: Bearer <token>',
    'B tried worker1 logs 0',
    // Neither kubectl nor what it started is waited for.
    'B tried worker2 exec 124',
  ]);
  // What fails is tried again.
  expect(calls().filter((call) => call.includes('exec probe-worker1 '))).toHaveLength(2);
  expect(calls().filter((call) => call.includes('exec probe-cp1 '))).toHaveLength(1);
  expect(deleted()).toBe(false);
  const ended = new Promise((resolve) => bash.on('close', resolve));
  bash.stdin.end();
  await ended;
  expect(deleted()).toBe(true);
}, 60_000);

test('pods: removed, too, when the connection breaks while they start', async () => {
  const bash = await hold(2);
  await until(() => calls().some((call) => call.startsWith('wait ')));
  bash.stdin.destroy();
  bash.stdout.destroy();
  bash.stderr.destroy();
  await until(deleted);
}, 60_000);

test.each(['kubernetes.default.svc.cluster.local', 'pkgs.k8s.io'])(
  'a question of the DNS is one packet, whatever bytes are in it: %s',
  async (name) => {
    const texts = (await loadAssets()).texts;
    const server = createSocket('udp4');
    const asked: Buffer[] = [];
    server.on('message', (packet, { address, port }) => {
      asked.push(packet);
      const answer = Buffer.from(packet);
      answer.writeUInt16BE(0x8583, 2);
      server.send(answer, port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    // The port of a name server is for root alone.
    const script = (texts['provision-scripts/probe/node.sh'] ?? '').replace(
      '/53"',
      `/${server.address().port}"`,
    );
    const bash = spawn('bash', ['-c', `${script}\ndns_packet 127.0.0.1 '${dnsQuestion(name)}'`]);
    let said = '';
    bash.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await new Promise((resolve) => bash.on('close', resolve));
    server.close();
    expect(asked).toHaveLength(1);
    expect(dnsAnswer(Buffer.from(said, 'hex'))).toEqual({ status: 'NXDOMAIN', addresses: [] });
  },
  60_000,
);

test('a Service that does not answer at first is asked a second time', async () => {
  const texts = (await loadAssets()).texts;
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (asked === 1) request.socket.destroy();
    else response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const script = `set -a
    POD_PROCESS=$$ SERVICE_URL=http://127.0.0.1:${port}/readyz
    ${texts['provision-scripts/probe/node.sh'] ?? ''}
    ask_service`;
  const { stdout } = await runProgram('bash', ['-c', script], { cwd: folder });
  server.close();
  expect({ asked, stdout }).toEqual({ asked: 2, stdout: 'ok 200\n' });
}, 60_000);

test('the first process of a network is found while others come and go', async () => {
  const pieces = (await loadAssets()).texts['provision-scripts/collect/lib.sh'] ?? '';
  const script = `${pieces}
    churn() { while :; do /bin/true; done; }
    churn & churn & churn &
    unshare --net sleep 100 &
    pod=$!
    until [ "$(cat "/proc/$pod/comm")" = sleep ]; do sleep 0.1; done
    for _ in {1..100}; do network_processes | grep --line-regexp --count "$pod"; done | sort | uniq --count
    kill %1 %2 %3 %4`;
  const { stdout } = await runProgram('bash', ['-c', script], { cwd: folder });
  expect(stdout.trim().split(/\s+/)).toEqual(['100', '1']);
}, 60_000);
