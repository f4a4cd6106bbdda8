import type { Lab } from '../lab/lab.js';
import type { Addresses } from './addresses.js';
import type { Balancing } from './balancing.js';
import type { Endpoint } from './cluster.js';

/**
 * Where the API is reached, and on which ports: the one place that decides. Clients reach the virtual address of the machines
 * that balance, the one load balancer, or the first control plane. Where a balancer runs beside an API server, they cannot share
 * a port; everywhere else both have the API server's. Undefined without control planes.
 */
export function planEndpoint(
  { networking: { apiServerPort, endpointPort } }: Lab,
  { machines, virtual }: Addresses,
  balancing: Balancing | undefined,
): Endpoint | undefined {
  const controlPlane = machines['control-plane'][0];
  if (controlPlane === undefined) return undefined;
  const beside = balancing?.on === 'control-plane' ? balancing.manifest.portBesideApi : undefined;
  const port = endpointPort === 'auto' ? (beside ?? apiServerPort) : endpointPort;
  const at = (address: string, kind: Endpoint['kind']): Endpoint => ({
    address,
    port,
    hostPort: `${address}:${port}`,
    kind,
    apiServerPort,
  });
  if (virtual !== undefined) return at(virtual, 'vip');
  const balancer = machines['load-balancer'][0];
  return balancer === undefined ? at(controlPlane, 'control-plane') : at(balancer, 'load-balancer');
}
