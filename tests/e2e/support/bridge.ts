import { expect } from '@jest/globals';
import { startDemo } from './demo.js';
import type { KubernetesLab, Pod } from './kubernetesLab.js';

interface RangedNode {
  metadata: { name: string };
  spec: { podCIDR?: string; podCIDRs?: string[] };
}

/** Each node's range is the plan's, in both fields. */
export async function expectPodRanges(lab: KubernetesLab): Promise<void> {
  const nodes = await lab.list<RangedNode>('nodes');
  const seen = nodes.map(({ metadata, spec }) => [metadata.name, [spec.podCIDR, ...(spec.podCIDRs ?? [])]]);
  const planned = lab.plan.machines.map(({ name, podCidr }) => [name, [podCidr, podCidr]]);
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(planned));
}

/** Every machine has the planned route to each of the others, and no other to a pod range. */
export async function expectRoutes(lab: KubernetesLab): Promise<void> {
  const { machines, networking } = lab.plan;
  const podRange = networking.podSubnet.split('.').slice(0, 2).join('.');
  for (const { name, routes } of machines) {
    const table = (await lab.workshop.on(lab.lab, name, 'ip -4 route')).split('\n');
    const remote = table
      .filter((line) => line.startsWith(`${podRange}.`) && line.includes(' via '))
      .map((line) => line.split(' dev ')[0]);
    expect({ name, remote: remote.sort() }).toEqual({
      name,
      remote: routes.map(({ destination, via }) => `${destination} via ${via}`).sort(),
    });
    expect(routes).toHaveLength(machines.length - 1);
  }
}

/** One pod on each machine. */
async function podsByMachine(lab: KubernetesLab): Promise<Map<string, Pod>> {
  await startDemo(lab);
  const pods = await lab.pods('app=everywhere', 'default');
  const byMachine = new Map(pods.map((pod) => [pod.spec.nodeName, pod]));
  expect([...byMachine.keys()].sort()).toEqual(lab.plan.machines.map(({ name }) => name).sort());
  return byMachine;
}

/** Runs a script on a pod's machine, in which `inside COMMAND…` sees the pod's network: images need no tools for it. */
async function besidePod(lab: KubernetesLab, pod: Pod, script: string): Promise<string> {
  const enter = `container=$(crictl ps --quiet --label io.kubernetes.pod.uid=${pod.metadata.uid} | head -n 1)
    pid=$(crictl inspect --output go-template --template '{{.info.pid}}' "$container")
    inside() { nsenter --target "$pid" --net "$@"; }`;
  return lab.workshop.on(lab.lab, pod.spec.nodeName, `${enter}\n${script}`);
}

/** Who answers packets that may take one, two and three hops, from every pod to every other machine's: bridge, machine, pod. */
export async function expectThreeHops(lab: KubernetesLab): Promise<void> {
  const pods = await podsByMachine(lab);
  const { machines } = lab.plan;
  for (const from of machines) {
    const [gateway] = from.podCidr?.split('0/') ?? [];
    for (const to of machines.filter(({ name }) => name !== from.name)) {
      const [sender, target] = [pods.get(from.name), pods.get(to.name)];
      if (!sender || !target) throw new Error('a machine has no pod');
      const said = await besidePod(
        lab,
        sender,
        `for ttl in 1 2 3; do
           inside ping -n -c 1 -W 3 -t $ttl ${target.status.podIP} | sed -nE 's/.*[Ff]rom ([0-9.]+)[: ].*/\\1/p' | head -n 1
         done`,
      );
      const path = [`${gateway ?? ''}1`, to.address, target.status.podIP];
      expect({ from: from.name, to: to.name, path: said.trim().split('\n') }).toEqual({
        from: from.name,
        to: to.name,
        path,
      });
    }
  }
}

/**
 * A packet that fills the MTU passes whole; one byte more does not when it must not be cut, and passes in two pieces when
 * it may. Sizes are those of ping's payload: 20 bytes of IP and 8 of ICMP come on top.
 */
export async function expectMtu(lab: KubernetesLab, mtu: number): Promise<void> {
  const pods = await podsByMachine(lab);
  const [from, to] = [...pods.values()];
  if (!from || !to) throw new Error('too few machines');
  const said = await besidePod(
    lab,
    from,
    `fragments() { inside awk '$1 == "Ip:" && !n { for (i = 1; i <= NF; i++) if ($i == "FragCreates") n = i; next }
       $1 == "Ip:" { print $n; exit }' /proc/self/net/snmp; }
     try() { inside ping -n -c 1 -W 3 -M "$1" -s "$2" ${to.status.podIP} 2>&1 | grep -oE '[0-9]+ received|message too long, mtu.[0-9]+' | sort | tr '\\n' ' '; echo; }
     echo "whole: $(try do ${mtu - 28})"
     echo "too large: $(try do ${mtu - 27})"
     before=$(fragments)
     echo "cut: $(try dont ${mtu - 27})"
     echo "pieces: $(($(fragments) - before))"`,
  );
  expect(said.trim().split(/ *\n/)).toEqual([
    'whole: 1 received',
    expect.stringMatching(new RegExp(`^too large: 0 received message too long, mtu.${mtu}$`)),
    'cut: 1 received',
    'pieces: 2',
  ]);
}
