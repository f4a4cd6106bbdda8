import { expect, test } from '@jest/globals';
import { containsAddress, overlaps, parseAddress, parseCidr, type Cidr } from '../../../src/lab/cidr.js';
import { planCluster } from '../../../src/plan/plan.js';
import { lab, laptop, parsed, role, testAssets } from './assets.js';

/** The fewest, the most and some between of every role, up to the 89 machines a lab may have. */
const counts = [1, 2, 3, 9, 10].flatMap((controlPlanes) =>
  [0, 1, 2, 3].flatMap((loadBalancers) => {
    const most = 89 - controlPlanes - loadBalancers;
    return [0, 2, 17, 70, 71, most].map((workers) => ({
      controlPlanes,
      loadBalancers,
      workers,
    }));
  }),
);

const range = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (!cidr) throw new Error(text);
  return cidr;
};

test('addresses, MACs and pod ranges are distinct for every size of lab', () => {
  const assets = testAssets();
  for (const { controlPlanes, loadBalancers, workers } of counts) {
    const value = lab({
      cni: { name: 'bridge', options: {} },
      controlPlanes: role(controlPlanes),
      loadBalancers: role(loadBalancers),
      workers: role(workers),
    });
    const { machines, networking, endpoint } = planCluster(parsed(value), laptop, assets);
    const size = controlPlanes + loadBalancers + workers;
    const virtual = endpoint?.kind === 'vip' ? [endpoint.address] : [];
    const addresses = [...machines.map(({ address }) => address), ...virtual];
    const podRanges = machines.flatMap(({ podCidr }) => (podCidr === undefined ? [] : [podCidr]));

    expect(machines).toHaveLength(size);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(new Set(machines.map(({ mac }) => mac)).size).toBe(size);
    expect(new Set(machines.map(({ name }) => name)).size).toBe(size);
    const hostOnly = range(networking.hostOnly.cidr);
    const others = [networking.podSubnet, networking.serviceSubnet, networking.nat.cidr].map(range);
    const misplaced = addresses.filter((address) => {
      const number = parseAddress(address) ?? 0;
      const inside = containsAddress(hostOnly, number) && number % 256 >= 10 && number % 256 <= 99;
      return !inside || others.some((other) => containsAddress(other, number));
    });
    expect(misplaced).toEqual([]);
    expect(podRanges).toHaveLength(controlPlanes + workers);
    const parsedRanges = podRanges.map(range).sort((a, b) => a.network - b.network);
    expect(
      parsedRanges.filter((next, index) => index > 0 && overlaps(parsedRanges[index - 1] ?? next, next)),
    ).toEqual([]);
    const routeCounts = machines
      .filter(({ podCidr }) => podCidr !== undefined)
      .map(({ routes }) => routes.length);
    expect(new Set(routeCounts)).toEqual(new Set([podRanges.length - 1]));
  }
});
