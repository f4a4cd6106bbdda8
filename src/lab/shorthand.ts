import type { Assets } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import { schemaUrl } from './jsonSchema.js';
import { closest } from './suggest.js';

/** What `<lab>` on the command line stands for. */
export type LabName =
  | { kind: 'preset'; name: string; file: string; text: string }
  | { kind: 'shorthand'; name: string; file: string; text: string }
  /** As written; a file or a folder, which may not exist. */
  | { kind: 'path'; path: string };

export interface Shape {
  controlPlanes: number;
  workers: number;
  loadBalancers: number;
}

const pattern = /^(?<controlPlanes>\d+)cp-(?<workers>\d+)w(?:-(?<loadBalancers>\d+)lb)?$/;
/** .10 to .99, one of them kept for a virtual address. */
const mostMachines = 89;
const mostOfRole = 10;

/** Takes `3cp-2w` or `3cp-2w-1lb`; gives the numbers, or undefined for any other text. */
function parseShorthand(text: string): Shape | undefined {
  const groups = pattern.exec(text)?.groups;
  if (!groups) return undefined;
  return {
    controlPlanes: Number(groups.controlPlanes),
    workers: Number(groups.workers),
    loadBalancers: Number(groups.loadBalancers ?? 0),
  };
}

/** The lab file a shorthand stands for. Throws LAB_SHORTHAND for numbers no lab can have. */
export function shorthandText(text: string): string {
  const shape = parseShorthand(text);
  const problem = shape && problemOf(shape);
  if (!shape || problem !== undefined) {
    throw new K8slabError(
      'LAB_SHORTHAND',
      `\`${text.slice(0, 60)}\` ${problem ?? 'is not of the form 1cp-2w or 3cp-2w-1lb'}.`,
      {
        where: {
          file: text.slice(0, 60),
          line: 1,
          column: 1,
          text: text.slice(0, 60),
          length: Math.min(60, text.length),
        },
      },
    );
  }
  const { controlPlanes, workers, loadBalancers } = shape;
  const name = [
    `${controlPlanes}cp`,
    `${workers}w`,
    ...(loadBalancers > 0 ? [`${loadBalancers}lb`] : []),
  ].join('-');
  const counts = [
    count(controlPlanes, 'control plane'),
    ...(workers > 0 ? [count(workers, 'worker')] : []),
    ...(loadBalancers > 0 ? [count(loadBalancers, 'load balancer')] : []),
  ];
  const description = counts.join(', ').replace(/, (?=[^,]*$)/, ' and ');
  return [
    `# yaml-language-server: $schema=${schemaUrl}`,
    '# Everything that is not written here has a default; `k8slab plan lab.yaml` shows them all.',
    `name: ${name}`,
    `description: ${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
    '',
    '# Machines that run the API server, the scheduler, the controller manager and etcd.',
    `controlPlanes: ${controlPlanes}`,
    '# Machines that run pods.',
    `workers: ${workers}`,
    ...(loadBalancers > 0
      ? ['# Machines in front of the API servers.', `loadBalancers: ${loadBalancers}`]
      : controlPlanes > 1
        ? [
            '# One address for all API servers: haproxy and keepalived on every control plane.',
            'loadBalancer: static-pods',
          ]
        : []),
    '',
  ].join('\n');
}

/**
 * Takes what stands for `<lab>`: a preset's name first, then a shorthand, else a path.
 * Throws LAB_SHORTHAND, and LAB_UNKNOWN_NAME for a word that is neither and does not look like a path.
 */
export function resolveLabName(argument: string, assets: Assets): LabName {
  const preset = Object.hasOwn(assets.presets, argument) ? assets.presets[argument] : undefined;
  if (preset) return { kind: 'preset', ...preset };
  if (parseShorthand(argument)) {
    return {
      kind: 'shorthand',
      name: argument,
      file: `${argument} (shorthand)`,
      text: shorthandText(argument),
    };
  }
  if (looksLikePath(argument)) return { kind: 'path', path: argument };
  const names = Object.keys(assets.presets);
  const similar = sloppyShorthand(argument) ?? closest(argument, names);
  throw new K8slabError('LAB_UNKNOWN_NAME', `There is no preset called \`${argument.slice(0, 60)}\`.`, {
    fix: [
      ...(similar === undefined ? [] : [`Did you mean \`${similar}\`?`]),
      `Presets: ${names.join(', ')}.`,
      'Any other size: <n>cp-<n>w, such as 3cp-2w.',
      `A folder or file of this name: ./${argument.slice(0, 60)}`,
    ],
  });
}

function looksLikePath(argument: string): boolean {
  return argument === '' || /[/\\]|^\.|^~|\.ya?ml$/i.test(argument);
}

/** `1cp2w`, `1cp_2w`, `1CP-2W`, `1cp-2workers`, `2w-1cp` → `1cp-2w` */
function sloppyShorthand(argument: string): string | undefined {
  const number = (unit: string): string | undefined =>
    new RegExp(String.raw`(?:^|\D)(\d{1,2})[\s_-]*${unit}`, 'i').exec(argument.slice(0, 60))?.[1];
  const controlPlanes = number('(?:cp|c(?![a-z])|m)');
  const workers = number('w');
  const loadBalancers = number('lb');
  if (controlPlanes === undefined || workers === undefined) return undefined;
  return `${controlPlanes}cp-${workers}w${loadBalancers === undefined ? '' : `-${loadBalancers}lb`}`;
}

function problemOf({ controlPlanes, workers, loadBalancers }: Shape): string | undefined {
  if (controlPlanes < 1) return 'has no control plane; a cluster needs at least one';
  if (controlPlanes > mostOfRole) return `has more than ${mostOfRole} control planes`;
  if (loadBalancers > mostOfRole) return `has more than ${mostOfRole} load balancers`;
  return controlPlanes + workers + loadBalancers > mostMachines
    ? `has more than ${mostMachines} machines`
    : undefined;
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;
