import type { ConditionFacts } from '../../collect/nodeFacts.js';
import { ofFamily, repair } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isNode, judgeMachines, onMachine, reached } from '../look.js';

/** MiB; below this apt, images and etcd fail, whatever the size of the disk. */
const leastDisk = 512;
/** MiB that must be available, or the kernel begins to kill. */
const leastMemory = 64;

/** Machines of lxc share the host's disk and memory: told once. */
export const check: Check = {
  id: 'room',
  title: 'There is room on disk and in memory',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) => {
    const ofHost = cluster.provider === 'lxc';
    if (ofHost) {
      const machines = reached(cluster, snapshot);
      if (machines.length === 0) return { unknown: 'no machine that could tell was reached' };
      const condition = machines.find(({ facts }) => facts.condition)?.facts.condition;
      return condition ? judge(condition, undefined) : [];
    }
    return judgeMachines(
      cluster,
      snapshot,
      () => true,
      (machine, { condition }) =>
        condition
          ? judge(condition, machine.name, [
              onMachine(
                machine.name,
                `'sudo journalctl --vacuum-size=50M; sudo ${ofFamily[cluster.box.family].clean}'`,
              ),
              ...(isNode(machine) ? [repair(cluster, 'unusedImages', machine)] : []),
            ])
          : [],
    );
  },
};

function judge(
  { disk, memory }: ConditionFacts,
  machine: string | undefined,
  clean: readonly string[] = [],
): Finding[] {
  const who = machine ?? "This host, whose disk and memory are its machines',";
  const common = { severity: 'failed' as const, ...(machine !== undefined && { machine }) };
  const look = (command: string): string =>
    machine === undefined ? `${command}   # on this host` : onMachine(machine, command);
  const findings: Finding[] = [];
  if (disk && (disk.free < leastDisk || (disk.inodes > 0 && disk.freeInodes < disk.inodes / 100))) {
    findings.push({
      ...common,
      code: 'GUEST_DISK_FULL',
      message: `${who} has ${disk.free} MiB and ${disk.freeInodes} inodes left on /.`,
      evidence: [`df /: ${disk.free} of ${disk.size} MiB free, ${disk.freeInodes} of ${disk.inodes} inodes`],
      fix:
        machine === undefined
          ? [look('df -h / /var/lib/lxc')]
          : [...clean, look("'sudo du -xh --max-depth=2 / | sort -h | tail -n 15'")],
    });
  }
  if (memory && memory.free < leastMemory) {
    findings.push({
      ...common,
      code: 'GUEST_MEMORY_SHORT',
      message: `${who} has ${memory.free} MiB of memory left.`,
      evidence: [`/proc/meminfo: ${memory.free} of ${memory.size} MiB available`],
      fix: [look('ps -e --sort=-rss -o rss,comm | head -n 10')],
    });
  }
  return findings;
}
