import type { ApiFacts } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeMachines, listed, onMachine } from '../look.js';

type Certificate = NonNullable<ApiFacts['certificates']>[number];

/** Days left from which on it is worth a word; kubeadm's last a year. */
const soon = 30;

export const check: Check = {
  id: 'certificates',
  title: 'Certificates are valid, and for the right names',
  layer: 'control-plane',
  follows: { here: ['clock'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) => {
    const now = Date.parse(snapshot.takenAt);
    return judgeMachines(
      cluster,
      snapshot,
      ({ role }) => role === 'control-plane',
      (machine, { api }): Finding[] | undefined => {
        if (!api?.certificates) return undefined;
        return [
          ...byDate(cluster, machine, api.certificates, now),
          ...byName(cluster, machine, api.certificates),
        ];
      },
    );
  },
};

const daysLeft = ({ notAfter }: Certificate, now: number): number =>
  Math.floor((Date.parse(notAfter) - now) / 86_400_000);

function byDate(
  cluster: Cluster,
  machine: Machine,
  certificates: readonly Certificate[],
  now: number,
): Finding[] {
  const { name } = machine;
  const judged = certificates.map((one) => ({ ...one, days: daysLeft(one, now) }));
  const evidence = (some: typeof judged): string[] =>
    some.slice(0, 10).map(({ path, notAfter }) => `${path}: notAfter ${notAfter}`);
  const over = judged.filter(({ days }) => days < 0);
  const ending = judged.filter(({ days }) => days >= 0 && days < soon);
  const fix = renewal(cluster, machine, [...over, ...ending]);
  return [
    ...(over.length === 0
      ? []
      : [
          {
            code: 'K8S_CERTIFICATE_EXPIRED' as const,
            severity: 'failed' as const,
            machine: name,
            message: `On ${name}, ${listed(over.slice(0, 4).map(({ path }) => path))}${over.length > 4 ? ` and ${over.length - 4} more` : ''} ${over.length === 1 ? 'has' : 'have'} expired.`,
            evidence: evidence(over),
            fix,
          },
        ]),
    ...(ending.length === 0
      ? []
      : [
          {
            code: 'K8S_CERTIFICATE_EXPIRES' as const,
            severity: 'warning' as const,
            machine: name,
            message: `On ${name}, ${ending.length} certificate${ending.length === 1 ? ' ends' : 's end'} within ${soon} days, the first in ${Math.min(...ending.map(({ days }) => days))}.`,
            evidence: evidence(ending),
            fix,
          },
        ]),
  ];
}

/** kubeadm renews what it made, and its static pods read it anew when they start again. */
function renewal(cluster: Cluster, { name }: Machine, some: readonly Certificate[]): string[] {
  if (cluster.bootstrap.name !== 'kubeadm') return [`k8slab provision ${name}`];
  // An authority is not renewed: what it signed would have to be made anew, too.
  if (some.some(({ path }) => path.endsWith('ca.crt'))) {
    return ['k8slab destroy --yes', 'rm -r .k8slab/secrets', 'k8slab render', 'k8slab up'];
  }
  const pods = 'kube-apiserver|kube-controller-manager|kube-scheduler|etcd';
  return [
    onMachine(name, 'sudo kubeadm certs renew all'),
    onMachine(name, `"sudo crictl ps --quiet --name '${pods}' | xargs -r sudo crictl stop"`),
    'k8slab verify --wait 4m',
  ];
}

/** Clients reach the API by these; a certificate for other names only is refused. */
function byName(cluster: Cluster, machine: Machine, certificates: readonly Certificate[]): Finding[] {
  const own = certificates.find(({ path }) => /\/(kube-)?apiserver\.crt$/.test(path));
  if (!own || own.sans.length === 0) return [];
  const wanted = [machine.address, ...(cluster.endpoint ? [cluster.endpoint.address] : [])];
  const lacking = [...new Set(wanted)].filter((address) => !own.sans.includes(address));
  if (lacking.length === 0) return [];
  return [
    {
      code: 'K8S_CERTIFICATE_NAMES',
      severity: 'failed',
      machine: machine.name,
      message: `The API server's certificate on ${machine.name} is not valid for ${listed(lacking)}.`,
      evidence: [`${own.path}: ${own.sans.join(', ')}`],
      fix:
        cluster.bootstrap.name === 'kubeadm'
          ? [
              onMachine(
                machine.name,
                `sudo rm /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key`,
              ),
              onMachine(
                machine.name,
                `sudo kubeadm init phase certs apiserver --apiserver-advertise-address ${machine.address} --apiserver-cert-extra-sans ${wanted.join(',')} --service-cidr ${cluster.networking.serviceSubnet} --service-dns-domain ${cluster.networking.dnsDomain}`,
              ),
              'k8slab verify --wait 4m',
            ]
          : [`k8slab provision ${machine.name}`],
    },
  ];
}
