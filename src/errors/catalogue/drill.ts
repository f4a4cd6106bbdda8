import type { CatalogueEntry } from './entry.js';

/** Why `verify --drill` does not begin. */
export const drillEntries = {
  LAB_DRILL_NO_ADDRESS: {
    title: 'A drill needs a lab with a virtual address',
    exit: 2,
    meaning:
      '`verify --drill` takes down the machine that holds the API’s address, and measures how long another one needs to take it over. Here, no other machine could.',
    why: 'The lab has one control plane, or clients reach several of them at one fixed address. Losing that machine loses the API.',
    fix: [
      'k8slab create 3cp-2w-2lb',
      'k8slab list   # presets with three control planes have such an address',
    ],
    source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/high-availability/',
  },
  LAB_DRILL_NOT_SOUND: {
    title: 'A drill needs a sound lab to begin with',
    exit: 1,
    meaning:
      'What is broken already would be counted as a result of the drill; or the machine taken down is one too many.',
    why: '`k8slab verify` finds something that is not as planned, or more or fewer than one machine holds the address.',
    fix: ['k8slab verify --wait 5m', 'Then once more: k8slab verify --drill'],
  },
} satisfies Record<string, CatalogueEntry>;
