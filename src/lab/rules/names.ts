import { shorten, type Finding } from '../findings.js';
import { listMachines, machinePath, roleKeys, type LabMachine } from '../machines.js';
import type { Rule } from './rule.js';

/** RFC 1123; a node's name is its host name. */
const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const longestMachine = 63;
/** The providers put the lab's name before each machine's. */
const longestLab = 40;
/** Names that mean something else on every machine, to Vagrant or on our own command line. */
const reserved = new Set([
  'localhost',
  'localdomain',
  'default',
  'host',
  'vagrant',
  'kubernetes',
  'all',
  'none',
  'k8slab',
]);

const reads = roleKeys.map((role) => `${role}.machines`);

function labelProblem(name: string, longest: number): Pick<Finding, 'message' | 'fix'> | undefined {
  const repaired = repair(name, longest);
  const fix = repaired === '' ? ['Use lower-case letters, digits and hyphens.'] : [`name: ${repaired}`];
  if (name === '') return { message: 'is empty', fix };
  if (name.length > longest)
    return { message: `has ${name.length} characters; at most ${longest} are allowed`, fix };
  if (!label.test(name)) {
    return {
      message: 'is not a DNS label: lower-case letters, digits and hyphens, a letter or digit at both ends',
      fix,
    };
  }
  return /^\d+$/.test(name)
    ? { message: 'has digits only and would read as an address', fix: [`name: node${name.slice(0, 20)}`] }
    : undefined;
}

function repair(name: string, longest: number): string {
  return name
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
}

const labName: Rule = {
  reads: ['name'],
  check: ({ lab, isWritten }) => {
    const problem = isWritten('name') ? labelProblem(lab.name, longestLab) : undefined;
    if (!problem) return [];
    return [{ ...problem, code: 'LAB_NAME', message: `The lab's name ${problem.message}.`, path: 'name' }];
  },
};

function named(machine: LabMachine, isWritten: (path: string) => boolean): boolean {
  return isWritten(machinePath(machine, 'name'));
}

const machineName: Rule = {
  reads,
  check: ({ lab, isWritten }) =>
    listMachines(lab).flatMap((machine) => {
      const path = machinePath(machine, 'name');
      const problem = isWritten(path) ? labelProblem(machine.name, longestMachine) : undefined;
      return problem
        ? [{ ...problem, code: 'LAB_NAME' as const, message: `The machine's name ${problem.message}.`, path }]
        : [];
    }),
};

const reservedName: Rule = {
  reads,
  check: ({ lab }) =>
    listMachines(lab).flatMap((machine) =>
      reserved.has(machine.name)
        ? [
            {
              code: 'LAB_NAME_RESERVED' as const,
              message: `A machine cannot be called ${machine.name}: the word means something else.`,
              path: machinePath(machine, 'name'),
              fix: [`name: ${machine.name}1`],
            },
          ]
        : [],
    ),
};

const nameTwice: Rule = {
  reads,
  check: ({ lab, isWritten }) => {
    const machines = listMachines(lab);
    const names = new Map<string, LabMachine>();
    return machines.flatMap((machine): Finding[] => {
      const other = names.get(machine.name);
      if (!other) {
        names.set(machine.name, machine);
        return [];
      }
      const [at, against] = named(machine, isWritten) ? [machine, other] : [other, machine];
      const how = named(against, isWritten)
        ? 'also has it'
        : `has it by default (${against.role}, number ${against.index + 1})`;
      return [
        {
          code: 'LAB_NAME_TAKEN',
          message: `Two machines are called ${shorten(machine.name)}: another machine ${how}.`,
          path: machinePath(at, 'name'),
          fix: [`name: ${machine.name.slice(0, 60)}-${at.index + 1}`],
        },
      ];
    });
  },
};

export const nameRules: readonly Rule[] = [labName, machineName, reservedName, nameTwice];
