import { faultSteps, on, soundLabStep, type Fault } from '../support/faultSteps.js';
import { KubernetesLab } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { Workshop, type Report } from '../support/workshop.js';

/** Faults of the control plane, of nodes, of Calico and of CoreDNS, made for real: verify names each, and its own words mend it. */
const workshop = new Workshop({ fresh: false });
const lab = new KubernetesLab(workshop, `faults-${workshop.id}`);

const kubectl =
  (...args: string[]) =>
  (): Promise<string> =>
    lab.kubectl(...args);
const system = (...args: string[]): (() => Promise<string>) => kubectl('-n', 'kube-system', ...args);
const has =
  (code: string) =>
  (report: Report): boolean =>
    report.results.some(({ findings }) => findings.some((finding) => finding.code === code));

/** A Corefile with one line in the place of `forward`; CoreDNS is started anew with it. */
const corefile = (line: string) => async (): Promise<void> => {
  const old = await system('get', 'configmap', 'coredns', '--output', 'jsonpath={.data.Corefile}')();
  const Corefile = old.replace(/forward [^}]*\}/, line);
  await system(
    'patch',
    'configmap',
    'coredns',
    '--type',
    'merge',
    '--patch',
    JSON.stringify({ data: { Corefile } }),
  )();
  await system('delete', 'pods', '--selector', 'k8s-app=kube-dns', '--wait=false')();
};

/** A certificate of the same key and names that ended yesterday. */
const expired = `cd /etc/kubernetes/pki && openssl x509 -in apiserver.crt -noout -ext subjectAltName >/run/names &&
openssl req -new -key apiserver.key -subj /CN=kube-apiserver -out /run/api.csr &&
{ printf '%s\\n' '[v3]' keyUsage=critical,digitalSignature,keyEncipherment extendedKeyUsage=serverAuth; echo "subjectAltName=$(tail -n 1 /run/names | sed 's/IP Address:/IP:/g; s/ //g')"; } >/run/api.ext &&
openssl x509 -req -in /run/api.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days -1 -extfile /run/api.ext -extensions v3 -out apiserver.crt`;

const faults: readonly Fault[] = [
  {
    name: 'CoreDNS asks itself',
    inject: corefile('forward . 127.0.0.1'),
    found: ['K8S_DNS_LOOP -'],
  },
  {
    name: 'a mistake in the Corefile',
    inject: corefile('forwrd . /etc/resolv.conf'),
    found: ['K8S_DNS_COREFILE -'],
  },
  {
    name: 'CoreDNS with an image that is not there',
    inject: async () => {
      await system('set', 'image', 'deployment/coredns', 'coredns=registry.k8s.io/coredns/coredns:v0.0.1')();
      await system('delete', 'pods', '--selector', 'k8s-app=kube-dns', '--wait=false')();
    },
    found: ['K8S_DNS_IMAGE -'],
  },
  {
    name: 'a taint on every worker that nothing tolerates',
    inject: kubectl('taint', 'nodes', 'worker1', 'worker2', 'dedicated=course:NoSchedule'),
    found: ['K8S_NODE_TAINT worker1', 'K8S_NODE_TAINT worker2'],
  },
  {
    name: 'the taint of the control plane removed',
    inject: kubectl('taint', 'nodes', 'cp1', 'node-role.kubernetes.io/control-plane:NoSchedule-'),
    found: ['K8S_NODE_TAINT_MISSING cp1'],
    warning: true,
  },
  {
    name: 'every node cordoned',
    inject: kubectl('cordon', 'worker1', 'worker2'),
    found: ['K8S_NODE_CORDONED worker1', 'K8S_NODE_CORDONED worker2'],
  },
  {
    name: 'a worker halted',
    inject: () => workshop.expect(0, lab.lab, 'halt', 'worker1'),
    found: ['GUEST_UNREACHABLE worker1'],
  },
  {
    name: 'a kubelet without logs and exec',
    inject: on(
      'worker1',
      "echo 'enableDebuggingHandlers: false' >>/var/lib/kubelet/config.yaml; systemctl restart kubelet",
    ),
    found: ['K8S_KUBELET_HANDLERS_OFF worker1'],
  },
  {
    name: 'a node deleted',
    inject: kubectl('delete', 'node', 'worker2'),
    found: ['K8S_NODE_MISSING worker2'],
  },
  {
    name: 'a pod range for a single node',
    inject: on(
      'cp1',
      "sed -i 's#--cluster-cidr=.*#--cluster-cidr=10.244.0.0/24#' /etc/kubernetes/manifests/kube-controller-manager.yaml",
    ),
    found: ['K8S_CLUSTER_CIDR cp1'],
  },
  {
    name: 'the API server’s certificate expired',
    inject: on('cp1', expired),
    found: ['K8S_CERTIFICATE_EXPIRED cp1'],
  },
  {
    name: 'Calico’s mesh of BGP sessions switched off',
    inject: () =>
      lab.apply(
        JSON.stringify({
          apiVersion: 'crd.projectcalico.org/v1',
          kind: 'BGPConfiguration',
          metadata: { name: 'default' },
          spec: { nodeToNodeMeshEnabled: false },
        }),
      ),
    found: ['K8S_BGP_MESH_OFF -'],
    settled: has('K8S_POD_ROUTE_MISSING'),
  },
  {
    name: 'Calico’s file with the node’s name removed',
    inject: on('worker1', 'rm /var/lib/calico/nodename'),
    found: ['K8S_CALICO_NODE_NAME worker1'],
  },
  {
    name: 'no token is valid any more, and a machine has yet to join',
    inject: async () => {
      await on('worker2', 'kubeadm reset --force >/dev/null 2>&1; systemctl restart kubelet')(lab);
      await kubectl('delete', 'node', 'worker2')();
      await system('delete', 'secrets', '--field-selector', 'type=bootstrap.kubernetes.io/token')();
    },
    found: ['K8S_TOKEN_EXPIRED worker2'],
  },
];

scenario('faults of the cluster', workshop, (step) => {
  soundLabStep(step, lab);
  faultSteps(step, lab, faults);
});
