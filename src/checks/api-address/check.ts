import type { Snapshot } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import { programOf } from '../../plan/programs.js';
import type { Check, Finding } from '../check.js';
import { addressWord, isKubernetes, isNat, listed, onMachine, reached } from '../look.js';

const isControlPlane = (machine: Machine): boolean => machine.role === 'control-plane';

export const check: Check = {
  id: 'api-address',
  title: 'API servers advertise their host-only address',
  layer: 'control-plane',
  follows: { anywhere: ['address'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) => {
    const flags = flagFindings(cluster, snapshot);
    const endpoints = snapshot.cluster?.apiEndpoints ?? null;
    const findings = [
      ...flags.findings,
      ...(endpoints ? endpointFindings(cluster, snapshot, endpoints) : []),
    ];
    const unread = [...flags.unread, ...(endpoints ? [] : ['the addresses behind the Service kubernetes'])];
    return unread.length === 0 ? findings : { unknown: `could not read ${listed(unread)}`, findings };
  },
};

function flagFindings(cluster: Cluster, snapshot: Snapshot): { findings: Finding[]; unread: string[] } {
  const findings: Finding[] = [];
  const unread: string[] = [];
  const { runs, file } = programOf(cluster, 'kube-apiserver');
  for (const { machine, facts } of reached(cluster, snapshot, isControlPlane)) {
    const flag = facts.api?.advertiseAddress ?? null;
    if (flag === null) unread.push(`--advertise-address on ${machine.name}`);
    else if (flag !== machine.address) {
      findings.push({
        ...wrongAddress(cluster, flag),
        machine: machine.name,
        message: `The API server of ${machine.name} advertises ${describe(cluster, flag)}; planned is ${machine.address}.`,
        evidence: [`${file}: --advertise-address=${flag}`],
        // The kubelet starts a static pod anew when its manifest changes.
        fix: [
          onMachine(
            machine.name,
            `sudo sed -i 's/${addressWord(flag).replaceAll('.', '\\.')}/${machine.address}/' ${file}`,
          ),
          ...(runs === 'unit'
            ? [
                onMachine(
                  machine.name,
                  'sudo sh -c "systemctl daemon-reload && systemctl restart kube-apiserver"',
                ),
              ]
            : []),
          'k8slab verify --wait 4m',
        ],
      });
    }
  }
  return { findings, unread };
}

function endpointFindings(cluster: Cluster, snapshot: Snapshot, endpoints: string[]): Finding[] {
  const planned = cluster.machines.filter(isControlPlane).map((machine) => machine.address);
  // What a control plane advertises wrongly is told above, by its own flag.
  const flags = reached(cluster, snapshot, isControlPlane).map(({ facts }) => facts.api?.advertiseAddress);
  return endpoints
    .filter((address) => !planned.includes(address) && !flags.includes(address))
    .map((address) => ({
      ...wrongAddress(cluster, address),
      message: `The Service kubernetes leads to ${describe(cluster, address)}, and no planned control plane has it.`,
      evidence: [`EndpointSlice of kubernetes: ${endpoints.join(', ')}`, `planned: ${planned.join(', ')}`],
      fix: ['k8slab kubectl -- get endpointslices -l kubernetes.io/service-name=kubernetes'],
    }));
}

const wrongAddress = (cluster: Cluster, address: string): Pick<Finding, 'code' | 'severity'> => ({
  code: isNat(cluster, address) ? 'K8S_API_ADVERTISES_NAT' : 'K8S_API_ADDRESS',
  severity: 'failed',
});

const describe = (cluster: Cluster, address: string): string =>
  isNat(cluster, address) ? `${address}, the NAT adapter that every machine has` : address;
