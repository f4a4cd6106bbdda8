import { figure, ratio } from './lib/statistics.js';

const titles = {
  fresh: 'do not exist yet: create, boot, provision',
  halted: 'are halted: boot',
  running: 'run and are set up already: find out',
};

export const table = (heading, rows) =>
  [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

export const seconds = (value) => `${value.toFixed(1)} s`;
const milliseconds = (value) => `${figure(value)} ms`;

/** Text of each part's table, in Markdown that also reads well on a terminal. */
export const sections = {
  startup: ({ rounds, rows }) => `## Start-up

${table(
  ['command', 'median', 'middle half of the runs', 'against bare Node'],
  rows.map(({ name, median, low, high, ratio: times }) => [
    name.startsWith('completion')
      ? name
      : `\`${name.split(',')[0]}\`${name.slice(name.split(',')[0].length)}`,
    milliseconds(median),
    `${figure(low)} to ${figure(high)} ms`,
    ratio(times),
  ]),
)}

Method: wall time from the start of the process to its end. The commands take turns, ${rounds} rounds after one that is
not counted, so that whatever else the machine does meets all of them alike. The program is laid out as npm installs
it; in a checkout it reads its manifests from their folders instead of what the build made of them.
`,
  planning: ({ rounds, warmUp, rows }) => `## Plan and render

${table(
  ['machines', 'files', 'plan', 'render', 'together', `against ${rows[0].machines} machines`, 'per machine'],
  rows.map(({ machines, files, plan, render, total, growth, perMachine }) => [
    machines,
    files,
    milliseconds(plan),
    milliseconds(render),
    milliseconds(total),
    ratio(growth),
    ratio(perMachine),
  ]),
)}

Method: from the text of \`controlPlanes: 1\`, \`workers: n\` to the text of all its files, in one process that has done it
${warmUp} times before; medians of ${rounds} rounds, sizes taking turns. The last column is what one machine costs,
against what it costs in the smallest lab: 1 is growth in step with the number of machines, more would be worse.
`,
  up: ({ rounds, rows, panels }) => `## Booting three machines

${table(
  ['the machines', `\`${panels[0].title}\``, `\`${panels[1].title}\``, 'as fast'],
  rows.map(({ state, serial, overlapped, ratio: times }) => [
    titles[state],
    seconds(serial),
    seconds(overlapped),
    ratio(times),
  ]),
)}

![Phases of each machine over time, one machine after the other and overlapped](performance-up.svg)

Method: a lab of three machines with containerd from the distribution's packages and a bridge (preset \`cni-2n\` with one
more), provider lxc, the box in place and unpacked before the first run. Both ways start from the same lab folder and end
with the same machines. Each round makes the machines anew, calls \`up\` again while they run, halts them, calls \`up\`,
and destroys them, by one way and then by the other; the next round begins with the other way. Rounds: ${rounds}; the table
shows medians, the picture the last round. Packages come over the network, from the distribution's mirror.

${table(
  [
    'the machines',
    ...rows[0].all.serial.flatMap((_, index) => [`serial ${index + 1}`, `overlapped ${index + 1}`]),
  ],
  rows.map(({ state, all }) => [
    state,
    ...all.serial.flatMap((value, index) => [seconds(value), seconds(all.overlapped[index])]),
  ]),
)}
`,
  verify: ({ rounds, checks, sizes, calls, judging, answer, own }) => `## Verify

${table(
  [
    'machines',
    'checks',
    '`k8slab verify`',
    'against 3 machines',
    'with processors of their own',
    'against 3 machines',
    'a `vagrant ssh` a check and machine',
    'an `ssh` a check and machine',
  ],
  sizes.map(({ machines, whole, growth, vagrant, ssh }, index) => [
    machines,
    checks,
    seconds(whole.median),
    ratio(growth),
    seconds(own[index]),
    ratio(own[index] / own[0]),
    `${seconds(vagrant.total)}: ${ratio(vagrant.ratio)} as long`,
    `${seconds(ssh.total)}: ${ratio(ssh.ratio)} as long`,
  ]),
)}

Method: \`k8slab verify\` is the median of ${rounds} runs, from its start to its report, over one connection a machine, all at the same time. Both labs,
of the kind described above, stand at the same time, and runs in them take turns, so that whatever else the host does meets both alike. The
machines share the host's processors: ten of them on two are the worst case. Machines with processors of their own are imitated: a
stand-in for ssh gives the answers that each machine just gave, after the ${seconds(answer)} that one of three took in the median. The last two columns are computed, not run: ${calls} calls of
each were measured, with \`true\` for a command (less than any check does), and their medians, ${seconds(sizes[0].vagrant.each)} and ${seconds(sizes[0].ssh.each)}, are
multiplied by the number of checks and machines, one after the other.

${table(
  ['checks', 'judging a snapshot of 3 machines', 'of 10 machines'],
  judging.map(({ number, times }) => [number, ...times.map((time) => milliseconds(time))]),
)}

Method: from a snapshot in memory to its report, in one process; medians of 50 rounds after 20 that are not counted. Each part of the checks
is the first so many.
`,
};

/** What the numbers were measured on, as a table. */
export function machineTable(machine) {
  const facts = [
    ['processors', machine.processors],
    ['memory', machine.memory],
    ['system', machine.system],
    ['Node', machine.node],
    ['Vagrant', machine.vagrant],
    ['lxc', machine.lxc],
    ['load when it began', machine.load],
    ['date', machine.date],
  ];
  return table(['machine', ''], facts);
}

const measured = '## What the following was measured on';

/** What others write, the sections before ours: those of `npm run bench:up` and of failovers. */
function sectionsOfOthers(page) {
  const from = page.indexOf('\n## ') + 1;
  if (from === 0) return '';
  const to = page.indexOf(measured);
  return to < 0 ? `${page.slice(from).trimEnd()}\n\n` : page.slice(from, to);
}

/** The whole page but for the sections of others, which stay as `before` has them. */
export function performancePage(machine, results, before) {
  return `# Performance

Written by \`npm run bench\` and \`npm run bench:up\`, each of which measures its part in one run on one machine. Times are that
machine's; what carries over to others is the ratios.

${sectionsOfOthers(before)}${measured}

${machineTable(machine)}

${Object.entries(sections)
  .map(([part, section]) => section(results[part]))
  .join('\n')}`;
}

const clusterHeading = '## From a description to a running cluster';

/** The section of `npm run bench:up` in a page, or nothing. */
function clusterSection(page) {
  const from = page.indexOf(clusterHeading);
  if (from < 0) return '';
  const to = page.indexOf('\n## ', from);
  return to < 0 ? page.slice(from) : page.slice(from, to + 1);
}

/** A page with another section of `npm run bench:up`. */
export function withClusterSection(page, text) {
  const section = `${clusterHeading}\n\n${text}\n`;
  const old = clusterSection(page);
  if (old !== '') return page.replace(old, () => section);
  const first = page.indexOf('\n## ') + 1;
  return first === 0 ? `${page}\n${section}` : `${page.slice(0, first)}${section}${page.slice(first)}`;
}
