import type { KubeletFacts, RuntimeFacts } from '../snapshot.js';
import { shortId } from './containerId.js';
import { clean, firstLine, linesOf, type Section } from './sections.js';

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
    cri: parseCri(sections.get('runtime-cri')),
    cgroupDriver: cgroupDriver(firstLine(sections, 'runtime-cgroups')),
    containers: parseContainers(sections),
    sandboxImage: parseSandbox(firstLine(sections, 'runtime-sandbox')),
  };
}

function parseSandbox(line: string | null): NonNullable<RuntimeFacts['sandboxImage']> | null {
  const [, name, state] = /^(\S+) (present|missing)$/.exec(line ?? '') ?? [];
  return name === undefined ? null : { name, present: state === 'present' };
}

function parseContainers(sections: Sections): string[] | null {
  if (sections.get('runtime-containers')?.status !== 0) return null;
  return linesOf(sections, 'runtime-containers', 10_000)?.flatMap(shortId) ?? null;
}

/** crictl says why in its last line, `level=fatal msg="…"`. */
function parseCri(section: Section | undefined): NonNullable<RuntimeFacts['cri']> | null {
  if (section?.status == null || section.status === 127) return null;
  if (section.status === 124) return { ok: false, said: 'no answer in time' };
  const said = clean(section.output.split('\n').filter(Boolean).slice(-4).join('; '), 400);
  return { ok: section.status === 0, said };
}

function cgroupDriver(word: string | null): 'systemd' | 'cgroupfs' | null {
  const driver = word?.toLowerCase();
  return driver === 'systemd' || driver === 'cgroupfs' ? driver : null;
}

/** Facts of the kubelet from the observations of `collect/kubelet.sh`. Never throws. */
export function parseKubelet(sections: Sections): KubeletFacts {
  const settings = linesOf(sections, 'kubelet-settings', 10);
  const setting = (name: string): string | null =>
    settings?.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? null;
  return {
    active: unitState(sections, 'kubelet-active'),
    version: firstLine(sections, 'kubelet-version')?.replace(/^Kubernetes /, '') ?? null,
    nodeIpFlag: flagOf(linesOf(sections, 'kubelet-node-ip', 1)),
    hostnameOverride: flagOf(linesOf(sections, 'kubelet-hostname-override', 1)),
    server: setting('server'),
    cgroupDriver: setting('cgroup-driver'),
    log: linesOf(sections, 'kubelet-log', 20),
  };
}

/** Nothing printed means that the flag is not there. */
const flagOf = (lines: string[] | null): string | null =>
  lines && (lines[0]?.replace(/^--[a-z-]+[= ]/, '') ?? '');

/** `systemctl is-active` prints one word, whatever its exit status; `unknown` before systemd 255 when there is no such unit. */
function unitState(sections: Sections, name: string): string | null {
  return firstLine(sections, name);
}
