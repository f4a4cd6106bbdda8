import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, isStopped, judgeMachines, onMachine } from '../look.js';

/** What the kubelet's last words mean, in the order in which they are looked for. */
const knownWords: { words: RegExp; meaning: string }[] = [
  {
    words: /running with swap on is not supported/i,
    meaning: 'The kubelet refuses to run while swap is on.',
  },
  {
    words: /\/var\/lib\/kubelet\/config\.yaml.*no such file/i,
    meaning: 'The machine has not joined the cluster yet: kubeadm writes that file.',
  },
  { words: /cgroup v1/i, meaning: 'The kubelet refuses cgroup v1, which this kernel was booted with.' },
  {
    words: /unknown service runtime\.v1/i,
    meaning: "The container runtime's CRI plugin is switched off in its configuration.",
  },
  { words: /certificate has expired/i, meaning: 'A certificate has expired.' },
];

const stopped = (name: string, log: string[]): Finding => ({
  code: 'GUEST_KUBELET_STOPPED',
  severity: 'failed',
  machine: name,
  message: `The kubelet on ${name} is stopped, must be active.`,
  evidence: ['systemctl is-active kubelet: inactive', ...log.slice(-1)],
  fix: [onMachine(name, 'sudo systemctl enable --now kubelet')],
});

export const check: Check = {
  id: 'kubelet',
  title: 'The kubelet runs',
  layer: 'runtime',
  follows: { here: ['cri', 'kubelet-name', 'kubelet-server', 'swap', 'runtime', 'tokens'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { kubelet }) => {
      if (kubelet?.active == null) return undefined;
      if (kubelet.active === 'active') return [];
      const log = kubelet.log ?? [];
      if (isStopped(kubelet)) return [stopped(name, log)];
      const known = knownWords.find(({ words }) => log.some((line) => words.test(line)));
      return [
        {
          code: 'GUEST_KUBELET_INACTIVE',
          severity: 'failed',
          machine: name,
          message: `The kubelet on ${name} is ${kubelet.active}, must be active.${known ? ` ${known.meaning}` : ''}`,
          evidence: [
            `systemctl is-active kubelet: ${kubelet.active}`,
            ...(kubelet.version === null ? ['kubelet could not tell its version: is it installed?'] : []),
            ...log.slice(-5),
          ],
          fix: [`k8slab provision ${name}`, onMachine(name, 'sudo journalctl -u kubelet -n 50 --no-pager')],
        },
      ];
    }),
};
