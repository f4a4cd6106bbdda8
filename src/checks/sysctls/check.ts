import type { ErrorCode } from '../../errors/catalogue/index.js';
import type { Check } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine } from '../look.js';

/** Settings that must be 1. Source: kubernetes.io, container runtimes, "Enable IPv4 packet forwarding". */
const wanted: { key: string; code: ErrorCode; effect: string; kubernetesOnly: boolean }[] = [
  {
    key: 'net.ipv4.ip_forward',
    code: 'GUEST_IP_FORWARD_OFF',
    effect: 'it passes no packets on between pods and other machines',
    kubernetesOnly: false,
  },
  {
    key: 'net.bridge.bridge-nf-call-iptables',
    code: 'GUEST_BRIDGE_FILTER_OFF',
    effect: 'traffic between pods on one bridge bypasses Services',
    kubernetesOnly: true,
  },
];

export const check: Check = {
  id: 'sysctls',
  title: 'Kernel settings for pod networks are on',
  layer: 'machine',
  follows: { here: ['modules'] },
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { system }) => {
      const sysctls = system?.sysctls;
      if (!sysctls) return undefined;
      return wanted
        .filter(({ kubernetesOnly }) => !kubernetesOnly || isKubernetes(cluster))
        .filter(({ key }) => sysctls[key] !== '1')
        .map(({ key, code, effect }) => {
          const value = sysctls[key] ?? null;
          // A setting that is not there at all belongs to a module that is not loaded: on lxc, on the host.
          const fix =
            value === null && cluster.provider === 'lxc'
              ? ['sudo modprobe br_netfilter   # on the host']
              : [
                  onMachine(name, `sudo sysctl -w ${key}=1`),
                  `k8slab provision ${name}   # sets it at every boot`,
                ];
          return {
            code,
            severity: 'failed',
            machine: name,
            message: `${key} is ${value ?? 'not there'} on ${name}, must be 1: ${effect}.`,
            evidence: [`${key} = ${value ?? '(no such setting)'}`],
            fix,
          };
        });
    }),
};
