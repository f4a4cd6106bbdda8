import type { CatalogueEntry } from './entry.js';

/** What is wrong with certificates, tokens, versions and flags of the control plane, and with taints of nodes. */
export const k8sControlEntries = {
  K8S_CERTIFICATE_EXPIRED: {
    title: 'A certificate has expired',
    exit: 1,
    meaning: '"x509: certificate has expired or is not yet valid": the API refuses, or is refused.',
    why: 'kubeadm’s certificates last a year; a lab out of the cupboard has older ones. A wrong clock looks the same.',
    fix: [
      'k8slab ssh <control plane> -- sudo kubeadm certs renew all',
      'Then start the static pods again.',
      'The hard way: k8slab provision <control plane>',
    ],
    see: ['k8slab ssh <control plane> -- sudo kubeadm certs check-expiration'],
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/',
  },
  K8S_CERTIFICATE_EXPIRES: {
    title: 'A certificate ends soon',
    exit: 1,
    meaning: 'The lab works until then.',
    why: 'kubeadm’s certificates last a year.',
    fix: [
      'k8slab ssh <control plane> -- sudo kubeadm certs renew all',
      'The hard way: k8slab provision <control plane>',
    ],
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/',
  },
  K8S_CERTIFICATE_NAMES: {
    title: 'The API server’s certificate is for other names',
    exit: 1,
    meaning:
      '"x509: certificate is valid for 10.0.2.15, not …": clients that use the planned address refuse it.',
    why: 'kubeadm puts the advertised address into it; the planned one and the endpoint must be named in certSANs.',
    fix: [
      'k8slab ssh <control plane> -- sudo kubeadm init phase certs apiserver …',
      'The hard way: k8slab provision <control plane>',
    ],
    see: [
      'k8slab ssh <control plane> -- sudo openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -ext subjectAltName',
    ],
  },
  K8S_TOKEN_EXPIRED: {
    title: 'No bootstrap token is valid',
    exit: 1,
    meaning:
      'A machine that has yet to join waits without a word, and then fails: "could not find a JWS signature".',
    why: 'Tokens end after a day unless told otherwise, and are deleted then.',
    fix: [
      'k8slab ssh <control plane> -- "xargs sudo kubeadm token create --ttl 0" <.k8slab/secrets/node/bootstrap-token',
    ],
    see: ['k8slab ssh <control plane> -- sudo kubeadm token list'],
    source: 'https://github.com/kubernetes/kubernetes/issues/86936',
  },
  K8S_CLUSTER_CIDR: {
    title: 'The controller manager hands out another range than planned',
    exit: 1,
    meaning:
      'Nodes get ranges that nothing routes, or none: 10.244.0.0/24 serves a single node, and a range narrower than /24 none at all.',
    why: '--cluster-cidr was changed, or the cluster was made with another podSubnet.',
    fix: [
      "k8slab ssh <control plane> -- sudo sed -i 's#--cluster-cidr=.*#--cluster-cidr=<podSubnet>#' /etc/kubernetes/manifests/kube-controller-manager.yaml",
      'The hard way: k8slab provision <control plane>   # writes the unit again',
    ],
    see: ['k8slab kubectl -- get nodes -o custom-columns=NAME:.metadata.name,RANGE:.spec.podCIDR'],
  },
  K8S_VERSION_SKEW: {
    title: 'A kubelet does not go with the API server',
    exit: 1,
    meaning: 'A kubelet must not be newer than the API server, nor more than three minors older.',
    why: 'Packages came from the repository of another minor.',
    fix: [
      'k8slab ssh <machine> -- apt-cache policy kubelet   # or dnf info kubelet; the hard way: ls -l /usr/local/bin',
      'k8slab destroy <machine> --yes',
      'k8slab up <machine>',
    ],
    source: 'https://kubernetes.io/releases/version-skew-policy/',
  },
  K8S_VERSION_OTHER: {
    title: 'Kubernetes has another minor than planned somewhere',
    exit: 1,
    meaning: 'That works, but it is not what the lab describes.',
    why: 'lab.yaml was changed after the machines were made, or one was upgraded by hand.',
    fix: ['k8slab kubectl -- get nodes'],
    source: 'https://kubernetes.io/releases/version-skew-policy/',
  },
  K8S_NODE_TAINT: {
    title: 'A node has a taint that is not planned',
    exit: 1,
    meaning: 'Pods that do not tolerate it are not placed there: "1 node(s) had untolerated taint".',
    why: 'Somebody tainted it, or there are no workers and the control plane’s taint is still there.',
    fix: ['k8slab kubectl -- taint nodes <node> <taint>-'],
    see: ['k8slab kubectl -- describe nodes | grep Taints'],
    source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  },
  K8S_NODE_TAINT_MISSING: {
    title: 'A control plane takes pods although it is not planned to',
    exit: 1,
    meaning: 'Pods may be placed there, and take memory from the API server and etcd.',
    why: 'Its taint was removed by hand.',
    fix: ['k8slab kubectl -- taint nodes <node> node-role.kubernetes.io/control-plane:NoSchedule'],
    source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  },
} satisfies Record<string, CatalogueEntry>;
