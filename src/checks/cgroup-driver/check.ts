import type { Check } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine } from '../look.js';

/** Two masters of one tree of cgroups: under load, limits are lost. Source: kubernetes.io, container runtimes, "Cgroup drivers". */
export const check: Check = {
  id: 'cgroup-driver',
  title: 'The kubelet and the container runtime use the same cgroup driver',
  layer: 'runtime',
  follows: { here: ['runtime', 'cri'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { runtime, kubelet }) => {
      const [theirs, own] = [runtime?.cgroupDriver, kubelet?.cgroupDriver];
      // Before a node has joined, the kubelet has no configuration.
      if (!runtime || !theirs || !own || theirs === own) return [];
      return [
        {
          code: 'GUEST_CGROUP_DRIVER',
          severity: 'failed',
          machine: name,
          message: `On ${name}, the kubelet is set to the cgroup driver ${own}, and ${runtime.name} uses ${theirs}.`,
          evidence: [
            `/var/lib/kubelet/config.yaml: cgroupDriver: ${own}`,
            `crictl runtime-config: ${theirs}`,
          ],
          fix:
            own === 'systemd'
              ? // Writes the runtime's configuration as planned, and starts it anew.
                [`k8slab provision ${name}`]
              : [
                  onMachine(
                    name,
                    `sudo sed -i 's/^cgroupDriver: .*/cgroupDriver: ${theirs}/' /var/lib/kubelet/config.yaml`,
                  ),
                  onMachine(name, 'sudo systemctl restart kubelet'),
                ],
        },
      ];
    }),
};
