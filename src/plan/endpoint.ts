import type { Addresses } from './addresses.js';
import type { Endpoint } from './cluster.js';

/** The API server's port, also on load balancers, which are machines of their own. */
const apiPort = 6443;

/**
 * Where the API is reached: the virtual address of several load balancers, the one load balancer, or the first
 * control plane. Undefined without control planes.
 */
export function planEndpoint({ machines, virtual }: Addresses): Endpoint | undefined {
  const balancer = machines['load-balancer'][0];
  const controlPlane = machines['control-plane'][0];
  if (controlPlane === undefined) return undefined;
  if (virtual !== undefined) return endpoint(virtual, 'vip');
  return balancer === undefined
    ? endpoint(controlPlane, 'control-plane')
    : endpoint(balancer, 'load-balancer');
}

function endpoint(address: string, kind: Endpoint['kind']): Endpoint {
  return { address, port: apiPort, hostPort: `${address}:${apiPort}`, kind };
}
