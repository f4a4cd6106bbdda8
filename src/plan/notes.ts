import type { Lab } from '../lab/lab.js';
import type { Endpoint } from './cluster.js';
import type { Problems } from './problems.js';
import { count } from './words.js';

/** The MTU of the host-only adapters of every provider. */
export const linkMtu = 1500;

/** Decisions of a plan that work, but that a person should know of. */
export function addNotes(lab: Lab, endpoint: Endpoint | undefined, problems: Problems): void {
  const controlPlanes = lab.controlPlanes.count;
  if (controlPlanes > 1 && endpoint?.kind === 'control-plane') {
    problems.note(
      'PLAN_ENDPOINT_SINGLE',
      `The API endpoint is the first control plane, ${endpoint.hostPort}: the cluster stops answering when that machine` +
        ' stops. Not highly available; loadBalancer: static-pods would make it so.',
    );
  }
  if (controlPlanes > 1 && endpoint?.kind === 'load-balancer') {
    problems.note(
      'PLAN_ENDPOINT_SINGLE',
      `The API endpoint is the one load balancer, ${endpoint.hostPort}: the cluster stops answering when that machine` +
        ' stops. Not highly available; loadBalancers: 2 would make it so.',
    );
  }
  if (endpoint && lab.workers.count === 0 && lab.controlPlanes.schedulable) {
    problems.note(
      'PLAN_NO_WORKERS',
      `Without workers, pods run on the ${count(controlPlanes, 'control plane')}.`,
    );
  }
}
