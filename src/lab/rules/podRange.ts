import { formatCidr, isPrivate, overlaps, subnetCount, widened, type Cidr } from '../cidr.js';
import type { Finding } from '../findings.js';
import type { Lab } from '../lab.js';
import { countPaths } from '../machines.js';
import { usualNodeMask } from '../nodeMask.js';
import { networkingPath, rangeKeys, rangeOf, type Rule } from './rule.js';

/** kube-controller-manager: the node mask is at most 16 bits longer than the cluster's (PodSubnetNodeMaskMaxDiff). */
const mostMaskBits = 16;
const longestNodeMask = 28;
const mask = networkingPath('nodeCidrMaskSize');
const podSubnet = networkingPath('podSubnet');

/** How many per-node ranges a lab takes of its pod range. */
function rangesNeeded(lab: Lab): number {
  return Math.max(1, lab.controlPlanes.count + lab.workers.count);
}

/** What would do: a wider pod range, if there is room, and a longer node mask, if that is allowed. */
function repairs(lab: Lab, range: Cidr, nodeMask = lab.networking.nodeCidrMaskSize): string[] {
  const bits = Math.ceil(Math.log2(rangesNeeded(lab)));
  const wider = widened(range, Math.max(0, Math.min(range.prefix, nodeMask - bits)));
  const others = rangeKeys.filter((key) => key !== 'podSubnet').flatMap((key) => rangeOf(lab, key) ?? []);
  const fits = isPrivate(wider) && others.every((other) => !overlaps(other, wider));
  const longer = Math.max(range.prefix + bits, 16);
  return [
    `podSubnet: ${fits ? formatCidr(wider) : '10.244.0.0/16'}`,
    ...(longer <= longestNodeMask && longer - range.prefix <= mostMaskBits
      ? [`nodeCidrMaskSize: ${longer}`]
      : []),
  ];
}

/** A pod range narrower than one node's part makes kube-controller-manager crash-loop. */
const narrowerThanNodeMask: Rule = {
  reads: [podSubnet, mask, ...countPaths],
  check: ({ lab, isWritten }) => {
    const range = rangeOf(lab, 'podSubnet');
    const { nodeCidrMaskSize } = lab.networking;
    if (!range || range.prefix <= nodeCidrMaskSize) return [];
    return [
      {
        code: 'LAB_POD_RANGE_NARROW',
        message: `\`podSubnet\` is a /${range.prefix}, narrower than one node's part of it (\`nodeCidrMaskSize\` ${nodeCidrMaskSize}).`,
        path: isWritten(podSubnet) ? podSubnet : mask,
        fix: repairs(lab, range),
      },
    ];
  },
};

/** Each node gets one block of the pod range, in the order of joining; who comes last gets none. */
const tooFewBlocks: Rule = {
  reads: [podSubnet, mask, ...countPaths],
  check: ({ lab, isWritten }) => {
    const range = rangeOf(lab, 'podSubnet');
    if (!range || range.prefix > lab.networking.nodeCidrMaskSize) return [];
    const { nodeCidrMaskSize } = lab.networking;
    const blocks = subnetCount(range, nodeCidrMaskSize);
    const needed = rangesNeeded(lab);
    if (blocks >= needed) return [];
    return [
      {
        code: 'LAB_POD_RANGE_SMALL',
        message: `\`podSubnet\` ${formatCidr(range)} holds ${blocks} of the /${nodeCidrMaskSize} ranges; the lab needs ${needed}, one for each node.`,
        path: isWritten(podSubnet) ? podSubnet : mask,
        fix: repairs(lab, range),
      },
    ];
  },
};

/** Source: kubeadm's ValidatePodSubnetNodeMask, and `--node-cidr-mask-size` of kube-controller-manager. */
const maskTooLong: Rule = {
  reads: [podSubnet, mask, 'bootstrap.name'],
  check: ({ lab, isWritten }): Finding[] => {
    const range = rangeOf(lab, 'podSubnet');
    const { nodeCidrMaskSize } = lab.networking;
    if (!range || lab.bootstrap.name === 'none' || nodeCidrMaskSize - range.prefix <= mostMaskBits) return [];
    return [
      {
        code: 'LAB_NODE_MASK',
        message: `\`nodeCidrMaskSize\` ${nodeCidrMaskSize} is ${nodeCidrMaskSize - range.prefix} bits longer than \`podSubnet\`'s /${range.prefix}; kube-controller-manager allows ${mostMaskBits}.`,
        path: isWritten(mask) ? mask : podSubnet,
        fix: [
          `nodeCidrMaskSize: ${range.prefix + mostMaskBits}`,
          `podSubnet: ${formatCidr(widened(range, range.prefix)).replace(/\/\d+$/, `/${nodeCidrMaskSize - mostMaskBits}`)}`,
        ],
      },
    ];
  },
};

/** Too narrow for a /24 each, and wide enough for a /25 each: that is what the defaults take then. */
const maskFitted: Rule = {
  reads: [podSubnet, mask, ...countPaths],
  check: ({ lab, isWritten }) => {
    const range = rangeOf(lab, 'podSubnet');
    const { nodeCidrMaskSize } = lab.networking;
    if (!range || isWritten(mask) || nodeCidrMaskSize === usualNodeMask) return [];
    const nodes = rangesNeeded(lab);
    const blocks = subnetCount(range, usualNodeMask);
    const usual = blocks === 0 ? 'less than one /24' : `only ${blocks} /24`;
    return [
      {
        code: 'LAB_NODE_MASK_FITTED',
        message:
          `\`podSubnet\` ${formatCidr(range)} holds ${usual}, the usual range of a node, and the lab has ${nodes} node${nodes === 1 ? '' : 's'}.` +
          ` So each gets a /${nodeCidrMaskSize}, ${2 ** (32 - nodeCidrMaskSize) - 2} addresses (nodeCidrMaskSize: ${nodeCidrMaskSize}).` +
          ` With ${repairs(lab, range, usualNodeMask)[0] ?? ''} each would have a /24.`,
        path: podSubnet,
        warning: true,
      },
    ];
  },
};

/** kubelet's default of 110 pods needs a /25 at least. */
const fewPodAddresses: Rule = {
  reads: [mask],
  check: ({ lab, isWritten }) => {
    const { nodeCidrMaskSize } = lab.networking;
    if (nodeCidrMaskSize <= 25 || !isWritten(mask) || lab.bootstrap.name === 'none') return [];
    const addresses = 2 ** (32 - nodeCidrMaskSize) - 2;
    return [
      {
        code: 'LAB_FEW_POD_ADDRESSES',
        message: `With \`nodeCidrMaskSize\` ${nodeCidrMaskSize} a node has ${addresses} pod addresses, fewer than the 110 pods a kubelet accepts.`,
        path: mask,
        warning: true,
      },
    ];
  },
};

export const podRangeRules: readonly Rule[] = [
  narrowerThanNodeMask,
  tooFewBlocks,
  maskTooLong,
  maskFitted,
  fewPodAddresses,
];
