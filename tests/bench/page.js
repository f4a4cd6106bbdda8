import { figure, ratio } from './lib/statistics.js';

const titles = {
  fresh: 'do not exist yet: create, boot, provision',
  halted: 'are halted: boot',
  running: 'run and are set up already: find out',
};

const table = (heading, rows) =>
  [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const seconds = (value) => `${value.toFixed(1)} s`;
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
  verify: ({ rounds, checks, machines, looks, whole, ways }) => `## Verify

${table(
  ['way', 'one call', `${checks} checks of ${machines} machines`, 'against `k8slab verify`'],
  [
    ['`k8slab verify`: one connection a machine, all at once', '', seconds(whole.median), ratio(1)],
    ...ways.map(({ name, each, total, ratio: times }) => [
      name,
      seconds(each),
      `${seconds(total)} (computed)`,
      ratio(times),
    ]),
  ],
)}

Method: \`k8slab verify\` is the median of ${rounds} runs on the machines above, from its start to its report. The other
ways are computed, not run: ${ways[0].calls} calls of each were measured on the same machines, with \`true\` for a command
(less than any check does), and their median is multiplied by ${looks}: ${checks} checks on each of ${machines} machines, one after the other.
`,
};

/** The whole page. */
export function performancePage(machine, results) {
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
  return `# Performance

Written by \`npm run bench\`, which measures everything below in one run on one machine. Times are that machine's; what
carries over to others is the ratios.

${table(['machine', ''], facts)}

${Object.entries(sections)
  .map(([part, section]) => section(results[part]))
  .join('\n')}`;
}
