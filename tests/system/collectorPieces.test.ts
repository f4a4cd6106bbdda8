import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';

const folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-pieces-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * What a function of a piece of the collector prints, with these programs in place of the machine's own; what they print are the words
 * of real ones: containerd 1.7.35 and 2.2.1, crictl 1.36.0, kubectl 1.36.3.
 */
function said(piece: string, call: string, programs: Record<string, string>, settings = ':'): string[] {
  const bin = mkdtempSync(path.join(folder, 'bin-'));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), `#!/bin/bash\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  const file = fileURLToPath(new URL(`../../provision-scripts/collect/${piece}.sh`, import.meta.url));
  const script = `set -a; PATH='${bin}':/usr/bin:/bin; WORK='${bin}'; ${settings}; . '${file}'; ${call} || echo "status $?"`;
  const output = execFileSync('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  return output.toString().split('\n').filter(Boolean).sort();
}

describe('the image that pods begin with', () => {
  const runtime = "RUNTIME_SOCKET=/run/x.sock RUNTIME_PROGRAM='containerd'";
  const inspect = (there: boolean): string =>
    there
      ? '*inspecti*) echo "{}" ;;'
      : `*inspecti*) echo 'level=fatal msg="no such image \\"registry.k8s.io/pause:3.10.2\\" present"' >&2; exit 1 ;;`;
  const crictl = (info: string, rest: string): string =>
    `case "$*" in\n*info*) echo '${info}' ;;\n${rest}\nesac`;
  const one = '{ "config": { "sandboxImage": "registry.k8s.io/pause:3.10.2", "x": 1 } }';
  const two = `echo "      sandboxer = 'podsandbox'"; echo "      sandbox = 'registry.k8s.io/pause:3.10.2'"`;

  test('containerd 1.x and CRI-O tell it over CRI', () => {
    const programs = { crictl: crictl(one, inspect(true)), containerd: 'exit 1' };
    expect(said('runtime', 'sandbox_image', programs, runtime)).toEqual([
      'registry.k8s.io/pause:3.10.2 present',
    ]);
  });

  test('containerd 2.x by its configuration; the image may not be there', () => {
    const programs = { crictl: crictl('{"config":{}}', inspect(false)), containerd: two };
    expect(said('runtime', 'sandbox_image', programs, runtime)).toEqual([
      'registry.k8s.io/pause:3.10.2 missing',
    ]);
  });

  test('a runtime that does not answer says nothing of the image', () => {
    const silent = '*) echo "level=fatal msg=\\"connect: connection refused\\"" >&2; exit 1 ;;';
    expect(
      said('runtime', 'sandbox_image', { crictl: crictl('', silent), containerd: two }, runtime),
    ).toEqual(['registry.k8s.io/pause:3.10.2 ']);
    const nothing = { crictl: crictl('', silent), containerd: 'exit 1' };
    expect(said('runtime', 'sandbox_image', nothing, runtime)).toEqual(['status 3']);
  });
});

describe('API servers', () => {
  const notReady = `printf '[-]etcd-readiness failed: reason withheld\\nreadyz check failed\\n 500'`;
  const ask = 'ask_ready cp2 https://192.168.56.11:6443/readyz';
  const server = 'cp2\thttps://192.168.56.11:6443/readyz\t';

  test('one that is not ready for a moment, with etcd on a busy host, is asked once more', () => {
    const soon = `if [ -e "$WORK/asked" ]; then printf 'ok 200'; else touch "$WORK/asked"; ${notReady}; fi`;
    expect(said('api', ask, { curl: soon })).toEqual([`${server}ok 200 `]);
  });

  test('one that stays so says what it lacks, one that does not answer is not asked again', () => {
    expect(said('api', ask, { curl: notReady })).toEqual([
      `${server}[-]etcd-readiness failed: reason withheld readyz check failed  500 `,
    ]);
    const refused = `echo asked >>"$WORK/asked"; echo 'curl: (7) Failed to connect' >&2; printf ' 000'`;
    expect(said('api', `${ask}; cat "$WORK/asked"`, { curl: refused })).toEqual([
      'asked',
      `${server}curl: (7) Failed to connect  000 `,
    ]);
  });
});

describe('kubelets', () => {
  test('are asked for all at once, each with kubectl’s status and words', () => {
    const kubectl = `case "$*" in
*/nodes/cp1/proxy/healthz*) printf ok ;;
*/nodes/worker1/*) echo 'Error from server (ServiceUnavailable): error trying to reach service: dial tcp 10.0.2.15:10250: connect: connection refused' >&2; exit 1 ;;
*) echo two; echo lines; exit 1 ;;
esac`;
    expect(said('cluster', 'ask_kubelets', { kubectl }, "NODES='cp1 worker1 worker2' API_PORT=6443")).toEqual(
      [
        'cp1\t0\tok ',
        'worker1\t1\tError from server (ServiceUnavailable): error trying to reach service: dial tcp 10.0.2.15:10250: connect: connection refused ',
        'worker2\t1\ttwo lines ',
      ],
    );
  });
});

describe('names outside', () => {
  test('those that resolve, with an address; one that hangs keeps nobody waiting', () => {
    const getent = `case $2 in
pkgs.k8s.io) echo '151.101.2.132   STREAM pkgs.k8s.io'; echo '151.101.2.132   DGRAM' ;;
hangs.example) sleep 30 ;;
*) exit 2 ;;
esac`;
    const began = Date.now();
    const names = "OUTSIDE_NAMES='registry.k8s.io pkgs.k8s.io hangs.example'";
    expect(said('condition', 'outside_names', { getent }, names)).toContain('pkgs.k8s.io 151.101.2.132');
    expect(said('condition', 'outside_names', { getent: 'exit 2' }, names)).toEqual([]);
    expect(Date.now() - began).toBeLessThan(15_000);
  });
});

describe('when a machine booted', () => {
  const booted = (systemctl: string): string[] => said('system', 'booted', { systemctl });

  test('in seconds since 1970, whatever its time zone', () => {
    expect(booted('[ "$TZ" = UTC ] && echo "Sat 2026-11-21 10:00:00 UTC"')).toEqual(['1795255200']);
  });

  test('is not guessed where systemd does not run', () => {
    expect(booted('exit 1')).toEqual([]);
  });
});
