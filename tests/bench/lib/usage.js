import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';

/** Where control groups of lxc's machines lie: version 1 of them, or version 2. */
const v1 = (what, id, file) => `/sys/fs/cgroup/${what}/lxc.payload.${id}/${file}`;
const v2 = (id, file) => `/sys/fs/cgroup/lxc.payload.${id}/${file}`;

/**
 * Looks each second at what the machines of a lab folder need (of lxc; their names are in Vagrant's own files once they are made): the
 * memory in use less the file cache that the kernel would give back. `stop()` gives, by machine, the peak in MiB and the
 * seconds of processor time used.
 */
export function watchUsage(folder, machines) {
  const usage = Object.fromEntries(machines.map((name) => [name, { memory: 0, processor: 0 }]));
  const look = () => {
    for (const name of machines) {
      try {
        const id = readFileSync(path.join(folder, '.vagrant', 'machines', name, 'lxc', 'id'), 'utf8');
        usage[name].memory = Math.max(usage[name].memory, workingSet(id) / 2 ** 20);
        usage[name].processor = processorSeconds(id);
      } catch {
        // The machine is not there yet, or no more.
      }
    }
  };
  const timer = setInterval(look, 1000);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return usage;
    },
  };
}

function workingSet(id) {
  const first = v1('memory', id, 'memory.usage_in_bytes');
  if (existsSync(first)) return number(first) - field(v1('memory', id, 'memory.stat'), 'total_inactive_file');
  return number(v2(id, 'memory.current')) - field(v2(id, 'memory.stat'), 'inactive_file');
}

function processorSeconds(id) {
  const first = v1('cpuacct', id, 'cpuacct.usage');
  return existsSync(first) ? number(first) / 1e9 : field(v2(id, 'cpu.stat'), 'usage_usec') / 1e6;
}

const number = (file) => Number(readFileSync(file, 'utf8'));

function field(file, name) {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
}
