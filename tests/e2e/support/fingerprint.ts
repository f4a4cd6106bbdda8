import type { KubernetesLab, Pod } from './kubernetesLab.js';
import { expectTidy } from './probes.js';

/** Files, packages, services and containers of a machine, k8slab's own note of having been there aside. */
const script = `
  find /etc /opt /usr/local /var/lib/k8slab /var/lib/kubelet/config.yaml /var/lib/kubelet/pki -xdev -type f \\
    ! -path /var/lib/k8slab/provisioned -printf '%p %m %T@ ' -exec sha256sum {} ';' | sort
  dpkg-query --show
  for unit in containerd kubelet ssh; do
    systemctl show "$unit" --property=Id,ActiveState,ActiveEnterTimestampMonotonic,ExecMainPID
  done
  crictl ps --quiet --no-trunc | sort
  crictl images --quiet --no-trunc | sort
  ip -4 -brief address
  ip -4 route | sort`;

/** What must not change when everything is as planned already: on the machines, and in the cluster. */
export async function fingerprint(lab: KubernetesLab): Promise<Record<string, string>> {
  // Pods that `verify` had started may still be going.
  await expectTidy(lab);
  const machines: Record<string, string> = {};
  for (const { name } of lab.plan.machines) machines[name] = await lab.workshop.on(lab.lab, name, script);
  const pods = await lab.list<Pod>('pods', '--all-namespaces');
  const running = pods.map(({ metadata, status }) => {
    const containers = (status.containerStatuses ?? []).map(
      ({ containerID, restartCount }) => `${containerID} restarted ${restartCount} times`,
    );
    return `${metadata.namespace}/${metadata.name} ${metadata.uid} ${containers.join(', ')}`;
  });
  const kinds = 'daemonsets,deployments,configmaps,services,serviceaccounts,clusterroles,clusterrolebindings';
  const objects = await lab.list<ApiObject>(kinds, '--all-namespaces');
  const versions = objects.map(
    ({ kind, metadata: { namespace = '', name, uid, generation = 0 } }) =>
      `${kind} ${namespace}/${name} ${uid} generation ${generation}`,
  );
  return { ...machines, pods: running.sort().join('\n'), objects: versions.sort().join('\n') };
}

interface ApiObject {
  kind: string;
  metadata: { namespace?: string; name: string; uid: string; generation?: number };
}
