import type { CatalogueEntry } from './entry.js';

const source = 'https://kubernetes.io/docs/concepts/architecture/control-plane-node-communication/';
const see = ['k8slab kubectl -- get --raw /api/v1/nodes/<machine>/proxy/healthz'];

/** What stands between the API servers and the kubelets, and containers that kubelets start again and again. */
export const k8sKubeletEntries = {
  K8S_KUBELET_PORT_SILENT: {
    title: 'The API server does not get through to a kubelet',
    exit: 1,
    meaning:
      'The node is Ready, for it reports by itself; `kubectl logs`, `exec` and `port-forward` to its pods end with "i/o timeout" or "no route to host".',
    why: 'A firewall on the machine, or on the control plane, keeps TCP 10250 out.',
    fix: [
      "k8slab ssh <machine> -- 'sudo iptables -S; sudo nft list ruleset | grep -n -e drop -e reject'",
      'Take the rule back, or let TCP 10250 in',
    ],
    see,
    source,
  },
  K8S_KUBELET_PORT_REFUSED: {
    title: 'Nobody listens at a kubelet’s port',
    exit: 1,
    meaning:
      '`kubectl logs` and `exec` end with "connection refused" on port 10250 of the address that the node has registered.',
    why: 'The kubelet was told another port or address to listen at, or a firewall answers in its place.',
    fix: [
      'k8slab ssh <machine> -- sudo systemctl restart kubelet',
      'k8slab ssh <machine> -- sudo ss -lntp   # who listens at 10250',
    ],
    see,
    source,
  },
  K8S_KUBELET_CERTIFICATE: {
    title: 'The API server does not accept a kubelet’s certificate',
    exit: 1,
    meaning: '`kubectl logs` and `exec` end with "x509: …".',
    why: 'The API server checks kubelets’ certificates (--kubelet-certificate-authority), and this one is signed by somebody else, or for another address or name.',
    fix: [
      "kubeadm: k8slab ssh <control plane> -- sudo sed -i '/--kubelet-certificate-authority/d' /etc/kubernetes/manifests/kube-apiserver.yaml",
      'The hard way: k8slab provision <machine>',
    ],
    see,
    source:
      'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#kubelet-serving-certs',
  },
  K8S_KUBELET_DENIES: {
    title: 'A kubelet does not let the API server in',
    exit: 1,
    meaning: '`kubectl logs` and `exec` end with "Unauthorized" or "Forbidden".',
    why: 'The kubelet trusts another authority than the one that signed the API server’s client certificate, or that certificate’s user may not speak to kubelets.',
    fix: [
      'k8slab ssh <machine> -- sudo grep -A 12 ^authentication: /var/lib/kubelet/config.yaml',
      'k8slab ssh <control plane> -- sudo kubeadm certs renew apiserver-kubelet-client',
    ],
    see,
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/',
  },
  K8S_KUBELET_HANDLERS_OFF: {
    title: 'A kubelet gives no logs, and takes no exec',
    exit: 1,
    meaning:
      'The kubelet answers, but not to these questions: `kubectl logs` ends with "the server does not allow this method", `exec` with "Debug endpoints are disabled".',
    why: 'Its configuration says `enableDebuggingHandlers: false`, as some guides to safer clusters advise.',
    fix: [
      "k8slab ssh <machine> -- sudo sed -i '/^enableDebuggingHandlers:/d' /var/lib/kubelet/config.yaml",
      "The hard way: k8slab ssh <machine> -- sudo sed -i '/^enableDebuggingHandlers:/d' /etc/kubernetes/kubelet.yaml",
      'k8slab ssh <machine> -- sudo systemctl restart kubelet',
    ],
    see: ['k8slab ssh <machine> -- sudo grep enableDebuggingHandlers /var/lib/kubelet/config.yaml'],
    source: 'https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/',
  },
  K8S_EXEC_FAILS: {
    title: 'No program can be started in a running container',
    exit: 1,
    meaning:
      'New pods start, and the API server reaches the kubelet; `kubectl exec` fails all the same, and probes that run a command fail with it.',
    why: 'The kubelet hands exec on to the container runtime: its streaming server on 127.0.0.1 does not answer ("error dialing backend: dial tcp 127.0.0.1:…"), or runc or crun cannot start a second program in a container ("OCI runtime exec failed").',
    fix: [
      'k8slab ssh <machine> -- sudo systemctl restart containerd kubelet   # crio, where that is the runtime',
      'k8slab ssh <machine> -- sudo journalctl -u containerd -u kubelet -n 30 --no-pager',
    ],
    see: ['k8slab kubectl -- exec <pod> -- <program>'],
    source: 'https://kubernetes.io/blog/2024/05/01/cri-streaming-explained/',
  },
  K8S_LOGS_FAIL: {
    title: 'Logs of a pod cannot be read',
    exit: 1,
    meaning: 'Programs can be started in the pod, but `kubectl logs` does not show what it says.',
    why: 'The runtime writes logs to /var/log/pods, and the kubelet reads them there: the files are gone, the disk of /var/log is full, or another one was mounted over it.',
    fix: [
      'k8slab ssh <machine> -- sudo systemctl restart containerd kubelet   # crio, where that is the runtime',
      "k8slab ssh <machine> -- 'sudo ls -lR /var/log/pods | head -n 40; df -h /var/log'",
    ],
    see: ['k8slab kubectl -- logs <pod>'],
    source: 'https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-location-node',
  },
  K8S_POD_RESTARTS: {
    title: 'A container ends again and again',
    exit: 1,
    meaning:
      'Its pod may be ready between two ends: it was started again at least five times, the last time less than ten minutes ago, and has not yet lived longer than before.',
    why: 'The program in it fails, its liveness probe does, or it uses more memory than it may (OOMKilled). The log of its last life says which.',
    fix: [
      'k8slab kubectl -- logs -n <namespace> <pod> --previous',
      'k8slab kubectl -- -n <namespace> describe pod <pod>',
    ],
    see: ['k8slab kubectl -- get pods -A'],
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy',
  },
} satisfies Record<string, CatalogueEntry>;
