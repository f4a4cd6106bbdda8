import type { PodFacts } from '../snapshot.js';
import { shortId } from './containerId.js';
import { at, integerAt, listAt, textAt } from './json.js';
import { parseRestarts } from './restarts.js';

/** What matters of one pod as the API prints it; an empty list when it is not one. Never throws. */
export function parsePod(item: unknown): PodFacts[] {
  const namespace = textAt(item, 'metadata', 'namespace');
  const name = textAt(item, 'metadata', 'name');
  if (namespace === null || name === null) return [];
  const conditions = listAt(item, ['status', 'conditions'], 100);
  const inits = listAt(item, ['status', 'initContainerStatuses'], 100);
  const others = listAt(item, ['status', 'containerStatuses'], 100);
  const containers = [...inits, ...others];
  // An init container that has done its work is not started again, however often it tried.
  const unfinished = inits.filter((one) => integerAt(one, 'state', 'terminated', 'exitCode') !== 0);
  const trouble = containerTrouble(containers) ?? podTrouble(item, conditions);
  const restarted = parseRestarts([...unfinished, ...others]);
  return [
    {
      namespace,
      name,
      owner: ownerOf(item, name),
      node: textAt(item, 'spec', 'nodeName'),
      phase: textAt(item, 'status', 'phase') ?? 'Unknown',
      ready: conditions.some(
        (entry) => textAt(entry, 'type') === 'Ready' && textAt(entry, 'status') === 'True',
      ),
      restarts: Math.max(0, ...containers.map((container) => integerAt(container, 'restartCount') ?? 0)),
      podIP: textAt(item, 'status', 'podIP'),
      hostNetwork: at(item, 'spec', 'hostNetwork') === true,
      reason: trouble?.reason ?? null,
      message: trouble?.message ?? null,
      running: containers
        .filter((container) => at(container, 'state', 'running') !== undefined)
        .flatMap((container) => shortId(textAt(container, 'containerID'))),
      ...(restarted.length > 0 && { restarted }),
    },
  ];
}

interface Trouble {
  reason: string;
  message: string | null;
}

/** The mirror pod of a static pod is owned by its node: its own name says more. */
function ownerOf(item: unknown, name: string): string {
  const kind = textAt(item, 'metadata', 'ownerReferences', 0, 'kind');
  const owner = textAt(item, 'metadata', 'ownerReferences', 0, 'name');
  return kind === null || kind === 'Node' ? `Pod/${name}` : `${kind}/${owner ?? ''}`;
}

/** The first container that waits or ended badly; why it ended the last time says more than that it waits. */
function containerTrouble(containers: unknown[]): Trouble | undefined {
  for (const container of containers) {
    const waiting = textAt(container, 'state', 'waiting', 'reason');
    if (waiting !== null && waiting !== 'PodInitializing' && waiting !== 'ContainerCreating') {
      const last = textAt(container, 'lastState', 'terminated', 'reason');
      const exit = integerAt(container, 'lastState', 'terminated', 'exitCode');
      const ended =
        last === null ? '' : `; last ended with ${last}${exit === null ? '' : ` (exit status ${exit})`}`;
      return {
        reason: waiting,
        message: `${textAt(container, 'state', 'waiting', 'message') ?? ''}${ended}`,
      };
    }
    const terminated = textAt(container, 'state', 'terminated', 'reason');
    if (terminated !== null && terminated !== 'Completed') {
      return { reason: terminated, message: textAt(container, 'state', 'terminated', 'message') };
    }
  }
  return undefined;
}

function podTrouble(item: unknown, conditions: unknown[]): Trouble | undefined {
  const reason = textAt(item, 'status', 'reason');
  if (reason !== null) return { reason, message: textAt(item, 'status', 'message') };
  for (const type of ['PodScheduled', 'ContainersReady']) {
    const condition = conditions.find(
      (entry) => textAt(entry, 'type') === type && textAt(entry, 'status') === 'False',
    );
    const why = textAt(condition, 'reason');
    if (why !== null) return { reason: why, message: textAt(condition, 'message') };
  }
  return undefined;
}
