import type { CatalogueEntry } from './entry.js';

/** What is wrong with etcd, the API server, the controller manager, the scheduler and kube-proxy as programs of a machine. */
export const k8sProgramEntries = {
  K8S_PROGRAM_MISSING: {
    title: 'A program of Kubernetes is not set up on a machine',
    exit: 1,
    meaning:
      'Nothing starts it: the unit of systemd, or the manifest that the kubelet starts a static pod from, is not there.',
    why: 'Somebody moved it away, as the way to stop a static pod is, or the machine was not set up to the end.',
    fix: [
      'The hard way: k8slab provision <machine>',
      'kubeadm: k8slab ssh <machine> -- sudo ls -l /etc/kubernetes /etc/kubernetes/manifests   # move it back',
    ],
    source: 'https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/',
  },
  K8S_PROGRAM_STOPPED: {
    title: 'A program of Kubernetes is stopped',
    exit: 1,
    meaning:
      'Without the scheduler pods stay Pending, and nothing says why; without the controller manager a Deployment has no pods; without kube-proxy addresses of Services lead nowhere.',
    why: 'Nothing failed: somebody stopped its unit, or it is not enabled at boot.',
    fix: ['k8slab ssh <machine> -- sudo systemctl enable --now <program>'],
    see: ['k8slab ssh <machine> -- systemctl status <program>'],
    source: 'https://kubernetes.io/docs/concepts/overview/components/',
  },
  K8S_PROGRAM_FAILING: {
    title: 'A program of Kubernetes does not run',
    exit: 1,
    meaning: 'It is started again and again, and ends each time, or nothing could start it.',
    why: 'Its last words say it: a flag or a file that is wrong, a certificate that does not fit, a port that is taken, or a program that it needs does not answer.',
    fix: [
      'Where it is a unit: k8slab ssh <machine> -- sudo journalctl -u <program> -n 50 --no-pager',
      'Where it is a static pod: k8slab ssh <machine> -- sudo crictl ps -a --name <program>',
    ],
    source: 'https://kubernetes.io/docs/tasks/debug/debug-cluster/',
  },
} satisfies Record<string, CatalogueEntry>;
