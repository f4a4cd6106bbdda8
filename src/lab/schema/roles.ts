import { z } from 'zod';
import { formatMiB, parseGiB, parseMiB } from '../size.js';

interface RoleDefaults {
  count: number;
  cpus: number;
  memory: string;
}

const smallestMiB = 256;
const largestMiB = 1024 * 1024;
const smallestDiskGiB = 5;
const largestDiskGiB = 2048;

const cpus = z.int().min(1).max(64);

const memory = z
  .union([z.int(), z.string()])
  .check(({ value, issues }) => {
    const size = parseMiB(value, 'm');
    if (size !== undefined && size >= smallestMiB && size <= largestMiB) return;
    const problem =
      size === undefined
        ? 'is not a memory size: write MiB as a number, or a whole number with its unit'
        : `is ${formatMiB(size)} of memory; a machine has ${formatMiB(smallestMiB)} to ${formatMiB(largestMiB)}`;
    const gibibytes = parseMiB(value, 'g');
    const meant =
      size !== undefined && size < smallestMiB && gibibytes !== undefined && gibibytes >= smallestMiB;
    const fix = meant
      ? `Did you mean \`${String(value).replace(/[a-z\s]+$/i, '')}GiB\`?`
      : 'Write `2GiB` or `2048MiB`.';
    issues.push({ code: 'custom', input: value, message: problem, params: { code: 'LAB_SIZE', fix } });
  })
  .meta({ description: 'Memory: MiB as a number, or with a unit.', examples: ['2GiB', '1536MiB', 2048] });

const disk = z
  .union([z.int(), z.string()])
  .check(({ value, issues }) => {
    const size = parseGiB(value);
    if (size !== undefined && size >= smallestDiskGiB && size <= largestDiskGiB) return;
    const problem =
      size === undefined
        ? 'is not a disk size: write GiB as a number, or a whole number with its unit'
        : `is ${size} GiB of disk; a machine has ${smallestDiskGiB} to ${largestDiskGiB}`;
    const params = { code: 'LAB_SIZE', fix: 'Write `20GiB` or `20`.' };
    issues.push({ code: 'custom', input: value, message: problem, params });
  })
  .meta({ description: 'Disk, as `plan` and `doctor` count it: GiB as a number, or with a unit.', examples: ['20GiB', 40] });

const schedulable = z.boolean().meta({ description: 'Whether ordinary pods may run there.' });

const machineFields = {
  name: z
    .string()
    .optional()
    .meta({ description: 'Host name of the machine.', examples: ['node1'] }),
  address: z
    .string()
    .optional()
    .meta({
      description:
        'Host-only address, .10 to .99: whole when hostOnlySubnet is written, or the last number alone.',
      examples: ['.30', '192.168.56.30'],
    }),
  cpus: cpus.optional().describe('CPUs of this machine.'),
  memory: memory.optional(),
  disk: disk.optional(),
  schedulable: schedulable.optional(),
};

/** The machines of one role: how many, or how many and what they are like. */
export function roleSchema(title: string, most: number, defaults: RoleDefaults) {
  const count = z.int().min(0).max(most).describe(`Number of ${title}.`);
  const fields = {
    count: count.optional(),
    cpus: cpus.optional().meta({ description: 'CPUs of each.', default: defaults.cpus }),
    memory: memory
      .optional()
      .meta({ description: 'Memory of each: MiB as a number, or with a unit.', default: defaults.memory }),
    disk: disk
      .optional()
      .meta({ description: 'Disk of each, as `plan` and `doctor` count it; the disk itself is as large as the box makes it. GiB as a number, or with a unit.', default: '20GiB' }),
  };
  const machines = z.array(z.strictObject(machineFields)).max(most).optional();
  return z
    .union([
      count,
      z.strictObject({
        ...fields,
        schedulable: schedulable.optional(),
        machines: machines.describe(
          'Single machines that differ, first machine first; never more than count.',
        ),
      }),
    ])
    .optional()
    .meta({
      description: `The ${title}: how many, or a group with count, cpus, memory, disk and single machines.`,
      default: defaults.count,
    });
}
