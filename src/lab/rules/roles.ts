import type { Finding } from '../findings.js';
import type { Lab } from '../lab.js';
import { countPaths, listMachines, roleKeys, roleTitle } from '../machines.js';
import type { Rule } from './rule.js';

/** .10 to .99, one of them kept for the virtual address of several load balancers. */
const mostMachines = 89;

const countMissing: Rule = {
  reads: countPaths,
  check: ({ lab, isWritten }) =>
    (['workers', 'loadBalancers'] as const).flatMap((role): Finding[] => {
      if (!isWritten(role) || lab[role].count > 0) return [];
      if (isWritten(`${role}.count`) || isWritten(`${role}.machines`) || !hasChild(isWritten, role))
        return [];
      return [
        {
          code: 'LAB_MISSING',
          message: `\`${role}\` says what the ${roleTitle(role)}s are like, but not how many there are.`,
          path: role,
          key: true,
          fix: ['count: 1'],
        },
      ];
    }),
};

function hasChild(isWritten: (path: string) => boolean, role: string): boolean {
  return ['cpus', 'memory', 'disk', 'schedulable'].some((field) => isWritten(`${role}.${field}`));
}

const moreMachinesThanCount = roleKeys.map((role): Rule => ({
  reads: [`${role}.count`],
  check: ({ lab }) => {
    const { count, machines } = lab[role];
    if (machines.length <= count) return [];
    return [
      {
        code: 'LAB_MACHINES_COUNT',
        message: `\`${role}.machines\` lists ${machines.length}, but \`count\` is ${count}.`,
        path: `${role}.machines.${count}`,
        fix: [`count: ${machines.length}`],
      },
    ];
  },
}));

const tooManyMachines: Rule = {
  reads: countPaths,
  check: ({ lab }) => {
    const total = roleKeys.reduce((sum, role) => sum + lab[role].count, 0);
    if (total <= mostMachines) return [];
    const largest = [...roleKeys].sort((a, b) => lab[b].count - lab[a].count)[0] ?? 'workers';
    return [
      {
        code: 'LAB_TOO_MANY_MACHINES',
        message: `The lab has ${total} machines; at most ${mostMachines} fit into .10 to .99 of its range, one address being kept for a virtual one.`,
        path: largest,
        fix: [
          `Have ${total - mostMachines} fewer: ${largest}: ${Math.max(0, lab[largest].count - (total - mostMachines))}`,
        ],
      },
    ];
  },
};

const noControlPlane: Rule = {
  reads: ['bootstrap.name', 'controlPlanes.count'],
  check: ({ lab }) => {
    if (lab.bootstrap.name === 'none' || lab.controlPlanes.count > 0) return [];
    return [
      {
        code: 'LAB_NO_CONTROL_PLANE',
        message: `\`bootstrap: ${lab.bootstrap.name}\` needs at least one control plane.`,
        path: 'controlPlanes',
        fix: ['controlPlanes: 1', 'bootstrap: none'],
      },
    ];
  },
};

const noMachines: Rule = {
  reads: ['bootstrap.name', ...countPaths],
  check: ({ lab }) => {
    if (lab.bootstrap.name !== 'none' || listMachines(lab).length > 0) return [];
    return [
      { code: 'LAB_NO_MACHINES', message: 'The lab has no machines.', path: 'workers', fix: ['workers: 2'] },
    ];
  },
};

const loadBalancersWithoutCluster: Rule = {
  reads: ['bootstrap.name', 'loadBalancers.count'],
  check: ({ lab }) => {
    if (lab.bootstrap.name !== 'none' || lab.loadBalancers.count === 0) return [];
    return [
      {
        code: 'LAB_LOAD_BALANCER_BOOTSTRAP',
        message: 'Load balancers stand in front of API servers; with `bootstrap: none` there are none.',
        path: 'loadBalancers',
        fix: ['loadBalancers: 0', 'bootstrap: kubeadm'],
      },
    ];
  },
};

function warn(reads: readonly string[], check: (lab: Lab) => Omit<Finding, 'warning'> | undefined): Rule {
  return {
    reads,
    check: ({ lab }) => {
      const finding = check(lab);
      return finding ? [{ ...finding, warning: true }] : [];
    },
  };
}

/** etcd's majority of 2 is 2, of 4 is 3: one member more and not one failure more survived. */
const evenControlPlanes = warn(['controlPlanes.count'], ({ controlPlanes: { count } }) =>
  count === 0 || count % 2 === 1
    ? undefined
    : {
        code: 'LAB_EVEN_CONTROL_PLANES',
        message: `${count} control planes survive no more failures than ${count - 1}: etcd needs a majority. Use ${count - 1} or ${count + 1}.`,
        path: 'controlPlanes',
      },
);

const nothingSchedulable = warn(['bootstrap.name', 'controlPlanes', 'workers'], (lab) =>
  lab.bootstrap.name === 'none' ||
  lab.controlPlanes.count === 0 ||
  listMachines(lab).some(({ role, schedulable }) => role !== 'loadBalancers' && schedulable)
    ? undefined
    : {
        code: 'LAB_NOTHING_SCHEDULABLE',
        message:
          'No machine takes ordinary pods: they, and CoreDNS once drained, stay Pending ("untolerated taint").',
        path: lab.workers.count > 0 ? 'workers.schedulable' : 'controlPlanes.schedulable',
      },
);

const controlPlanesWithoutCluster = warn(['bootstrap.name', 'controlPlanes.count'], (lab) =>
  lab.bootstrap.name !== 'none' || lab.controlPlanes.count === 0
    ? undefined
    : {
        code: 'LAB_NO_EFFECT',
        message: 'With `bootstrap: none` a control plane is a machine like any other; use `workers`.',
        path: 'controlPlanes',
      },
);

export const roleRules: readonly Rule[] = [
  countMissing,
  ...moreMachinesThanCount,
  tooManyMachines,
  noControlPlane,
  noMachines,
  loadBalancersWithoutCluster,
  evenControlPlanes,
  nothingSchedulable,
  controlPlanesWithoutCluster,
];
