import type { Check, Finding } from '../check.js';
import { isNode, judgeMachines, onMachine, reached, word } from '../look.js';

export const check: Check = {
  id: 'modules',
  title: 'Kernel modules for containers are loaded',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) => {
    if (cluster.provider === 'lxc') {
      const seen = reached(cluster, snapshot, isNode).find(({ facts }) => facts.system?.modules)?.facts.system
        ?.modules;
      if (!seen) return { unknown: 'no machine that could tell was reached' };
      return missing(seen).map((module): Finding => ({
        code: 'GUEST_MODULE_MISSING',
        severity: 'failed',
        message: `The host's kernel has not loaded ${module}, and lxc machines share that kernel.`,
        evidence: [`${module}: neither loaded nor built in`],
        fix: [`sudo modprobe ${word(module, 'module')}   # on the host`],
      }));
    }
    return judgeMachines(cluster, snapshot, isNode, ({ name }, { system }) => {
      if (!system?.modules) return undefined;
      return missing(system.modules).map((module) => ({
        code: 'GUEST_MODULE_MISSING',
        severity: 'failed',
        machine: name,
        message: `${name} has not loaded the kernel module ${module}.`,
        evidence: [`${module}: neither loaded nor built in`],
        fix: [
          onMachine(name, `sudo modprobe ${word(module, 'module')}`),
          `k8slab provision ${name}   # loads it at every boot`,
        ],
      }));
    });
  },
};

const missing = (modules: Record<string, boolean>): string[] =>
  Object.keys(modules).filter((module) => modules[module] === false);
