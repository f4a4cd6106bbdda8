/** What a machine does, in the order of the chart's legend; a provisioner's steps by the begin of their id. */
const kinds = [
  ['base/', 'system'],
  ['kubernetes/clock', 'system'],
  ['runtime/', 'runtime'],
  ['kubernetes/images', 'images'],
  ['kubernetes/all-images', 'images'],
  ['kubernetes/shell', 'system'],
  ['kubernetes/', 'packages'],
  ['bootstrap/kubeadm/look', 'network'],
  ['bootstrap/', 'cluster'],
  ['cni/', 'network'],
];

export const phaseTitles = {
  boot: 'boot',
  connect: 'first ssh',
  system: 'system',
  runtime: 'runtime',
  packages: 'packages',
  images: 'images',
  cluster: 'init or join',
  network: 'network',
};

/** The phase to which a step of the plan belongs. */
export function phaseOfStep(id) {
  return kinds.find(([begin]) => id.startsWith(begin))?.[1] ?? 'system';
}

/**
 * Takes rows of `timeline.js` and the plan's machines; gives the rows with `provision` split by what its steps are about:
 * `{ name, bars: [{ kind, title, from, to }] }`, one bar a step, and one each for boot and connection.
 */
export function barsOf(rows, machines) {
  return rows.map(({ name, phases, steps }) => {
    const planned = machines.find((machine) => machine.name === name).steps;
    const bars = phases
      .filter(({ kind }) => kind !== 'provision')
      .map(({ kind, from, to }) => ({ kind, title: phaseTitles[kind], from, to }));
    const end = phases.at(-1)?.to;
    for (const [index, { at, title }] of steps.entries()) {
      const number = Number(/^step (\d+)\//.exec(title)?.[1]);
      const step = planned.find((other) => other.number === number);
      const to = steps[index + 1]?.at ?? end;
      bars.push({ kind: phaseOfStep(step.id), id: step.id, title: step.title, from: at, to });
    }
    return { name, bars };
  });
}

/** Seconds by phase of one machine's bars. */
export function secondsByPhase(bars) {
  const sums = Object.fromEntries(Object.keys(phaseTitles).map((kind) => [kind, 0]));
  for (const { kind, from, to } of bars) sums[kind] += to - from;
  return sums;
}

/**
 * The longest path: gives spans `{ name, from, to }` of what the end waited for. Until the API answers that is the first control plane.
 * From then on it is the machine that became Ready last: its whole way there when it came to its join only after that, else its
 * join alone; and then the network on the first control plane, until all pods run.
 */
export function longestPath(rows, { reached, ready }) {
  const [first, ...others] = rows;
  const begin = 0;
  const last = others.toSorted((one, other) => (ready[one.name] ?? 0) - (ready[other.name] ?? 0)).at(-1);
  const join = last?.bars.find(({ id }) => id?.startsWith('bootstrap/'));
  if (join === undefined) return [{ name: first.name, from: begin, to: reached.nginx }];
  const late = join.from > reached.api;
  return [
    late ? { name: last.name, from: begin, to: join.to } : { name: first.name, from: begin, to: reached.api },
    ...(late ? [] : [{ name: last.name, from: reached.api, to: join.to }]),
    { name: first.name, from: join.to, to: Math.max(join.to, reached.nginx) },
  ];
}
