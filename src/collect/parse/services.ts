import type { KubeletFacts, RuntimeFacts } from '../snapshot.js';
import { firstLine, linesOf, type Section } from './sections.js';

type Sections = ReadonlyMap<string, Section>;

/** Facts of the container runtime from the observations of `collect/runtime.sh`. Never throws. */
export function parseRuntime(sections: Sections, name: string): RuntimeFacts {
  const socket = firstLine(sections, 'runtime-socket');
  return {
    name,
    active: unitState(sections, 'runtime-active'),
    version: firstLine(sections, 'runtime-version'),
    socket: socket === null ? null : socket === 'present',
    log: linesOf(sections, 'runtime-log', 20),
    cniFiles: linesOf(sections, 'cni-files', 100),
  };
}

/** Facts of the kubelet from the observations of `collect/kubelet.sh`. Never throws. */
export function parseKubelet(sections: Sections): KubeletFacts {
  return {
    active: unitState(sections, 'kubelet-active'),
    version: firstLine(sections, 'kubelet-version')?.replace(/^Kubernetes /, '') ?? null,
    nodeIpFlag: firstLine(sections, 'kubelet-node-ip')?.replace(/^--node-ip[= ]/, '') ?? null,
    log: linesOf(sections, 'kubelet-log', 20),
  };
}

/** `systemctl is-active` prints one word, whatever its exit status; `unknown` before systemd 255 when there is no such unit. */
function unitState(sections: Sections, name: string): string | null {
  return firstLine(sections, name);
}
