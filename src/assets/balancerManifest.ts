import { z } from 'zod';

/** What a folder of `provision-scripts/load-balancer/` is like; one that does not say balances nothing. */
export const balancerManifest = z.strictObject({
  /** Machines that it can run on: the lab's load balancers where it has some, else its control planes. */
  on: z.array(z.enum(['load-balancer', 'control-plane'])).min(1),
  /**
   * It listens on a port of its own and hands connections on to the API servers: on this one where it runs beside an API
   * server. Absent: clients reach the API server of the machine that holds the address.
   */
  portBesideApi: z.int().min(1).max(65535).optional(),
  /** Its machines share the address by VRRP: a router id, priorities and a password are planned. */
  vrrp: z.boolean().default(false),
});
export type BalancerManifest = z.infer<typeof balancerManifest>;
