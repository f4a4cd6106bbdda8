import { parseCidr } from './cidr.js';

/** kube-controller-manager's default of `--node-cidr-mask-size-ipv4`. */
export const usualNodeMask = 24;
/** A kubelet accepts 110 pods by default; a /25 is the smallest range that has an address for each. */
export const longestFullNodeMask = 25;

/**
 * Prefix length of each node's part of a pod range, where the lab says nothing: a /24, or a /25 where that makes the range
 * enough for all nodes. A range that is too small for either is for the rules on pod ranges.
 */
export function defaultNodeMask(podSubnet: string, nodes: number): number {
  const range = parseCidr(podSubnet);
  const bits = Math.ceil(Math.log2(Math.max(1, nodes)));
  const needed = (range?.prefix ?? 0) + bits;
  return needed > usualNodeMask && needed <= longestFullNodeMask ? needed : usualNodeMask;
}
