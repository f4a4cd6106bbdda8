import os from 'node:os';
import { milestoneTitles } from './lib/milestones.js';
import { ratio } from './lib/statistics.js';
import { phaseTitles, secondsByPhase } from './lib/steps.js';
import { machineTable, seconds, table } from './page.js';

/** What the table above means for the shortest possible time, and for the sizes of machines. */
function needs({ machines, usage }) {
  const processor = machines.reduce((sum, { name }) => sum + usage[name].processor, 0);
  const processors = os.cpus().length;
  const largest = machines.map(
    ({ name, memory }) => `${name} ${Math.round((100 * usage[name].memory) / memory)} %`,
  );
  return `That is ${seconds(processor)} of processor time. With ${processors} processors a cluster cannot take less than ${seconds(processor / processors)} in this way, whatever
waits for what; a baked box saves the part for installing and unpacking.
The machines have the default sizes, and needed this part of their memory: ${largest.join(', ')}. The rest is for what people run.`;
}

/** The section about whole clusters: `ways` are their runs in the middle, each with `all` of its runs. */
export function clusterText(machine, ways, baking) {
  const serial = ways.find(({ name }) => name === 'serial');
  const against = ({ middle }) => (serial === undefined ? '' : ratio(serial.middle / middle));
  const [{ kubernetes, cni, machines }] = ways;
  const shown = ways.find(({ name }) => name === 'create') ?? ways[0];
  return `${machineTable(machine)}

A lab \`1cp-2w\`: ${machines.length} machines, Kubernetes ${kubernetes}, ${cni}, all downloads from a bundle on this host.

${table(
  ['seconds from the command until', ...Object.values(milestoneTitles), 'as fast as serial', 'each run'],
  ways.map((way) => [
    `\`${way.title.split(',')[0]}\`${way.title.slice(way.title.split(',')[0].length)}`,
    ...Object.keys(milestoneTitles).map((name) => way.reached[name].toFixed(1)),
    against(way),
    way.all.map(({ reached, load }) => `${reached.nginx.toFixed(1)} (load ${load})`).join(', '),
  ]),
)}

![Steps of each machine over time, and when the cluster reached what](performance-cluster.svg)

Where the time goes, in seconds of each machine; on the longest path lie the steps framed in the picture:

${table(
  ['', 'machine', ...Object.values(phaseTitles)],
  ways.flatMap((way) =>
    way.rows.map(({ name, bars }) => [
      way.name,
      name,
      ...Object.values(secondsByPhase(bars)).map((value) => value.toFixed(1)),
    ]),
  ),
)}

What a machine needs, in \`${shown.title}\`: the largest amount of memory that it could not have given back (less the file cache), and
the processor's time from boot to the end:

${table(
  ['machine', 'memory it has', 'memory it needed', 'processor'],
  shown.machines.map(({ name, memory }) => [
    name,
    `${memory} MiB`,
    `${Math.round(shown.usage[name].memory)} MiB`,
    seconds(shown.usage[name].processor),
  ]),
)}

${needs(shown)}

Method: every run begins without a lab folder and without machines, and ends when nginx, asked for in the moment the API answers, serves its
page on a port of every machine. It is watched from the host, twice a second, through the API alone. \`vagrant up\` gets the files of
\`k8slab create --no-up\`, the same box, and the same bundle, served by \`k8slab bundle serve\` at the address that \`up\` uses; making the files
counts in all ways. The box is there and unpacked${ways.some(({ name }) => name === 'cold') ? ' but in the first way, which builds it from the distribution’s packages with an empty cache' : ''}; the bundle is ready in all of them.${baking === undefined ? '' : ` Baking the box took ${seconds(baking)}, once.`}
Ways take turns; the table shows each one's run nearest to its median.
`;
}
