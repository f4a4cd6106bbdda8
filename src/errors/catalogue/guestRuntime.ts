import type { CatalogueEntry } from './entry.js';

/** What is wrong between the kubelet, the container runtime, and their settings on a machine. */
export const guestRuntimeEntries = {
  GUEST_CRI_OFF: {
    title: 'The container runtime runs without CRI',
    exit: 1,
    meaning: 'The kubelet says "unknown service runtime.v1.RuntimeService", and starts no pod.',
    why: 'Distributions’ and Docker’s packages of containerd come with disabled_plugins = ["cri"].',
    fix: [
      "k8slab ssh <machine> -- sudo sed -i '/^disabled_plugins/d' /etc/containerd/config.toml",
      'k8slab ssh <machine> -- sudo systemctl restart containerd',
    ],
    see: ['k8slab ssh <machine> -- sudo crictl version'],
    source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#containerd',
  },
  GUEST_CRI_SILENT: {
    title: 'The container runtime does not answer',
    exit: 1,
    meaning: 'Its service runs and its socket is there, but the kubelet gets no answer from it.',
    why: 'It hangs, or is starting up with many containers.',
    fix: ['k8slab ssh <machine> -- sudo systemctl restart containerd'],
    see: ['k8slab ssh <machine> -- sudo crictl version'],
  },
  GUEST_CGROUP_DRIVER: {
    title: 'The kubelet and the container runtime use different cgroup drivers',
    exit: 1,
    meaning: 'Two programs manage the same cgroups: under load, limits are lost and nodes become unstable.',
    why: 'containerd’s own default is cgroupfs (SystemdCgroup = false), kubeadm’s is systemd. A kubelet that asks the runtime (1.34 and later) hides the difference.',
    fix: ['k8slab provision <machine>'],
    see: [
      'k8slab ssh <machine> -- sudo crictl runtime-config',
      'k8slab ssh <machine> -- grep cgroupDriver /var/lib/kubelet/config.yaml',
    ],
    source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#cgroup-drivers',
  },
  GUEST_KUBELET_NAME: {
    title: 'A kubelet is told to register under another name',
    exit: 1,
    meaning:
      'Its certificate is for the machine’s name, so the API refuses the other one: the node becomes NotReady.',
    why: '--hostname-override was set by hand.',
    fix: [
      "k8slab ssh <machine> -- sudo sed -Ei 's/ *--hostname-override[= ][^ \"]*//' /var/lib/kubelet/kubeadm-flags.env",
      'k8slab ssh <machine> -- sudo systemctl restart kubelet',
    ],
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/node/',
  },
  GUEST_KUBELET_SERVER_NAT: {
    title: 'A kubelet looks for the API on the NAT adapter',
    exit: 1,
    meaning: 'Every machine has 10.0.2.15: it asks itself, and gets "connection refused".',
    why: 'It joined a control plane that advertised its NAT address: `kubeadm join 10.0.2.15:6443`.',
    fix: [
      "k8slab ssh <machine> -- sudo sed -i 's#server: .*#server: https://<endpoint>#' /etc/kubernetes/kubelet.conf",
      'k8slab ssh <machine> -- sudo systemctl restart kubelet',
    ],
    see: ['k8slab ssh <machine> -- sudo grep server: /etc/kubernetes/kubelet.conf'],
  },
  GUEST_KUBELET_SERVER: {
    title: 'A kubelet looks for the API at an address that is not planned',
    exit: 1,
    meaning: 'It reports to nobody, or to another cluster.',
    why: 'The endpoint was changed after the machine had joined, or it was joined by hand.',
    fix: [
      "k8slab ssh <machine> -- sudo sed -i 's#server: .*#server: https://<endpoint>#' /etc/kubernetes/kubelet.conf",
      'k8slab ssh <machine> -- sudo systemctl restart kubelet',
    ],
  },
  GUEST_SANDBOX_IMAGE_MISSING: {
    title: 'The image that holds pods’ networks is not on a machine',
    exit: 1,
    meaning:
      'Every pod begins with a container of this image, “pause”. Pods that run go on; new ones stay in ContainerCreating, with "failed to get sandbox image".',
    why: 'It was removed, and the lab’s bundle, where it came from, is served only while machines are set up.',
    fix: ['k8slab provision <machine>', 'k8slab ssh <machine> -- sudo crictl pull <image>'],
    see: ['k8slab ssh <machine> -- sudo crictl images'],
    source: 'https://github.com/containerd/containerd/blob/v2.2.1/docs/cri/config.md',
  },
  GUEST_SANDBOX_IMAGE_OTHER: {
    title: 'A runtime begins pods with another image than planned',
    exit: 1,
    meaning:
      'While that image is on the machine, pods start all the same. In a lab without a way out it cannot be fetched, and new pods stay in ContainerCreating.',
    why: 'The runtime’s configuration was changed, a file beside it says otherwise, or a package has put its own in its place.',
    fix: ['k8slab provision <machine>'],
    see: [
      "k8slab ssh <machine> -- 'sudo containerd config dump | grep sandbox'",
      "k8slab ssh <machine> -- 'sudo crictl info | grep sandboxImage'   # containerd 1.x and CRI-O",
    ],
    source:
      'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#override-pause-image-containerd',
  },
  GUEST_CNI_LEFTOVER: {
    title: 'Another CNI has left its configuration',
    exit: 1,
    meaning:
      'The runtime takes the first file of /etc/cni/net.d: new pods may get addresses of another network, which nothing routes.',
    why: 'A CNI was tried before and deleted with kubectl only: that leaves its file on the machines.',
    fix: ['k8slab ssh <machine> -- sudo rm /etc/cni/net.d/<file>'],
    see: ['k8slab ssh <machine> -- ls /etc/cni/net.d'],
    source: 'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/',
  },
} satisfies Record<string, CatalogueEntry>;
