import { runtimeService } from '../../plan/runtime.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine } from '../look.js';

export const check: Check = {
  id: 'cri',
  title: 'The container runtime speaks CRI',
  layer: 'runtime',
  follows: { here: ['runtime', 'modules'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { runtime }): Finding[] => {
      const cri = runtime?.cri;
      // Without crictl nobody asked; a runtime that does not run is the finding of another check.
      if (!cri || cri.ok || runtime.active !== 'active' || runtime.socket === false) return [];
      const { unit } = runtimeService(cluster);
      // CRI is a plugin of containerd; of CRI-O it is the whole.
      const off = unit === 'containerd' && cri.said.includes('unknown service runtime.v1');
      return [
        {
          code: off ? 'GUEST_CRI_OFF' : 'GUEST_CRI_SILENT',
          severity: 'failed',
          machine: name,
          message: off
            ? `${runtime.name} on ${name} runs, but without CRI: the kubelet cannot speak to it.`
            : `${runtime.name} on ${name} runs, but does not answer over CRI.`,
          evidence: [`crictl version: ${cri.said}`],
          fix: off
            ? [
                onMachine(
                  name,
                  `sudo sed -i '/^disabled_plugins/d' /etc/${unit}/config.toml   # see /etc/${unit}/conf.d, too`,
                ),
                onMachine(name, `sudo systemctl restart ${unit}`),
              ]
            : [onMachine(name, `sudo systemctl restart ${unit}`)],
        },
      ];
    }),
};
