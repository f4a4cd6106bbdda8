import { runtimeService } from '../../plan/runtime.js';
import type { Check } from '../check.js';
import { isKubernetes, isNode, judgeMachines, listed, onMachine, word } from '../look.js';

/** The runtime takes the first file by name. Source: containerd and CRI-O, which read them as libcni does. */
const isConfiguration = (file: string): boolean => /\.(conf|conflist|json)$/.test(file);

/** Which file is whose: each CNI names its own after itself. */
const isOwn = (file: string, cni: string): boolean =>
  file.includes(cni) || (cni === 'bridge' && file.includes('k8slab'));

export const check: Check = {
  id: 'cni-leftovers',
  title: 'No other CNI has left its configuration',
  layer: 'runtime',
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name !== 'none',
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { runtime }) => {
      const files = runtime?.cniFiles?.filter(isConfiguration).sort();
      if (!files) return undefined;
      const others = files.filter((file) => !isOwn(file, cluster.cni.name));
      // Before the planned one is there, the machine is on its way.
      if (others.length === 0) return [];
      const first = files[0] !== undefined && others.includes(files[0]);
      return [
        {
          code: 'GUEST_CNI_LEFTOVER',
          severity: first ? 'failed' : 'warning',
          machine: name,
          message: first
            ? `${name} has the configuration of another CNI, ${listed(others)}, which comes before that of ${cluster.cni.name}: new pods get their network from it.`
            : `${name} has the configuration of another CNI, ${listed(others)}; that of ${cluster.cni.name} comes first.`,
          evidence: [`/etc/cni/net.d: ${files.join(', ')}`],
          fix: [
            onMachine(
              name,
              `sudo rm ${others.map((file) => `/etc/cni/net.d/${word(file.replaceAll('/', ' '), 'file')}`).join(' ')}`,
            ),
            onMachine(name, `sudo systemctl restart ${runtimeService(cluster).unit}`),
          ],
        },
      ];
    }),
};
