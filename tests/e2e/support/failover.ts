import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { endpointUrl } from '../../../src/collect/askApi.js';
import { watchApi, type Watch } from '../../../src/collect/watchApi.js';
import { balancers } from '../../../src/plan/balancers.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { longestOf, outagesOf } from '../../../src/report/drill.js';
import { killMachine } from './kill.js';
import type { KubernetesLab } from './kubernetesLab.js';

/** What strikes the holder of the virtual address, and how it is undone where nothing undoes it by itself. */
export interface Blow {
  title: string;
  strike: (lab: KubernetesLab, holder: string) => Promise<void> | void;
  mend?: (lab: KubernetesLab, holder: string) => Promise<void>;
}

/** The holder falls silent at once, as when its plug is pulled. */
export const machineLost: Blow = {
  title: 'its plug is pulled',
  strike: (lab, holder) => {
    killMachine(lab.lab, holder);
  },
  mend: async (lab, holder) => {
    await lab.workshop.expect(0, lab.lab, 'up', holder, '--no-verify');
  },
};

/** Ends a program of the holder, hard: systemd or the kubelet may start it anew, which is then part of the proof. */
export const killed = (program: string): Blow => ({
  title: `its ${program} is killed`,
  strike: async (lab, holder) => {
    await lab.workshop.on(lab.lab, holder, `pkill -KILL -x ${program}`);
  },
});

/** The same of an API server: the holder's, or that of the first control plane where balancers have machines of their own. */
export const apiServerKilled: Blow = {
  title: 'an API server is killed',
  strike: async (lab, holder) => {
    const servers = lab.plan.machines.filter(({ role }) => role === 'control-plane').map(({ name }) => name);
    const struck = servers.includes(holder) ? holder : (servers[0] ?? 'none');
    await lab.workshop.on(lab.lab, struck, 'pkill -KILL -x kube-apiserver');
  },
};

const plan = (lab: KubernetesLab): Cluster => lab.workshop.plan(lab.lab) as unknown as Cluster;
const urlOf = (lab: KubernetesLab): string => {
  const url = endpointUrl(plan(lab));
  if (url === undefined) throw new Error(`${lab.lab} has no endpoint.`);
  return url;
};

/** Machines that have the virtual address now, as they say themselves; one that does not answer has none. */
export async function holdersOf(lab: KubernetesLab): Promise<string[]> {
  const { endpoint } = plan(lab);
  const looks = await Promise.all(
    balancers(plan(lab)).map(async ({ name }) => {
      const said = await lab.workshop.on(lab.lab, name, 'ip -4 -o address show scope global').catch(() => '');
      return said.includes(` ${endpoint?.address ?? 'none'}/`) ? [name] : [];
    }),
  );
  return looks.flat();
}

/** The one machine that has the virtual address. */
export async function holderOf(lab: KubernetesLab): Promise<string> {
  const holders = await holdersOf(lab);
  expect(holders).toHaveLength(1);
  return holders[0] ?? '';
}

/** The API answers through the endpoint, from every machine and from this host. */
export async function expectEndpointEverywhere(lab: KubernetesLab): Promise<void> {
  for (const { name } of lab.plan.machines) {
    expect(await lab.workshop.on(lab.lab, name, `curl -sk --max-time 5 ${urlOf(lab)}`)).toBe('ok');
  }
  expect(await lab.kubectl('get', '--raw', '/readyz')).toBe('ok');
}

/**
 * One round: strikes the holder, measures from this host how long the API does not answer, sees that nginx answers on through a
 * worker and that no two machines have the address, mends, and waits until all is whole. Gives the seconds without an answer.
 */
export async function failOver(lab: KubernetesLab, blow: Blow): Promise<number> {
  const holder = await holderOf(lab);
  const page = await pageOf(lab);
  const before = await restartsOf(lab);
  const watch = watchApi(urlOf(lab));
  const lost: string[] = [];
  const timer = setInterval(() => {
    fetch(page, { signal: AbortSignal.timeout(5000) }).then(
      ({ status }) => status === 200 || lost.push(String(status)),
      (error: unknown) => lost.push(String(error)),
    );
  }, 500);
  try {
    await sleep(1000);
    await blow.strike(lab, holder);
    await sleep(5000);
    const holders = await settled(lab);
    if (blow === machineLost) expect(holders).not.toContain(holder);
    await answering(watch);
  } finally {
    clearInterval(timer);
    await watch.stop();
    await blow.mend?.(lab, holder);
  }
  const seconds = longestOf(outagesOf(watch.requests()));
  expect(seconds).not.toBeNull();
  await lab.workshop.expect(0, lab.lab, 'verify', '--wait', '4m');
  await holderOf(lab);
  expect(lost).toEqual([]);
  expect(await restartsOf(lab)).toEqual(before);
  return seconds ?? Infinity;
}

/** Waits until the API has answered all requests of a second, for a minute at most: then the outage is over. */
async function answering(watch: Watch): Promise<void> {
  const isUp = (): boolean => {
    const last = watch.requests().filter(({ from }) => from > watch.now() - 1000);
    return last.length > 3 && last.every(({ ok }) => ok);
  };
  for (const end = Date.now() + 60_000; !isUp() && Date.now() < end;) await sleep(200);
}

/**
 * The one machine with the address, within a minute. A keepalived that is killed leaves its address behind until it is started
 * anew; the other one may have it by then, and both answer.
 */
async function settled(lab: KubernetesLab): Promise<string[]> {
  const end = Date.now() + 60_000;
  let holders = await holdersOf(lab);
  while (holders.length !== 1 && Date.now() < end) {
    await sleep(1000);
    holders = await holdersOf(lab);
  }
  expect(holders).toHaveLength(1);
  return holders;
}

/** nginx through the NodePort of the last worker, which no blow strikes. */
async function pageOf(lab: KubernetesLab): Promise<string> {
  const port = await lab.kubectl('get', 'service', 'web', '--output', 'jsonpath={.spec.ports[0].nodePort}');
  const worker = lab.plan.machines.findLast(({ role }) => role === 'worker');
  return `http://${worker?.address ?? ''}:${port}/`;
}

/** How often each container of the workers' nginx was started again, by pod. */
async function restartsOf(lab: KubernetesLab): Promise<Record<string, number>> {
  const pods = await lab.pods('app=web', 'default');
  return Object.fromEntries(
    pods.map(({ metadata, status }) => [
      metadata.uid,
      (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    ]),
  );
}
