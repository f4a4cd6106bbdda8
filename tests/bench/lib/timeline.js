/**
 * When each machine was in which phase, read from what a run printed and when it printed it.
 * A row: `{ name, phases: [{ kind, from, to }], steps: [{ at, title }] }`, seconds since the start of the run.
 */

const ours = /^\d\d:\d\d:\d\d (\S+) +(.*?)(?: \([^()]*\))?$/;
const oursPhase = /^(boot|connect|provision)(?:: (step \d+\/\d+ .*))?$/;

/** Reads the plain progress of `k8slab up`. */
export function timelineOfK8slab(machines, { lines, seconds }) {
  const rows = emptyRows(machines);
  for (const { at, text } of lines) {
    const [, name, words] = ours.exec(text) ?? [];
    const row = rows.get(name);
    if (row === undefined) continue;
    const [, kind, step] = oursPhase.exec(words) ?? [];
    if (step !== undefined) row.steps.push({ at, title: step });
    else if (kind !== undefined) enter(row, kind, at);
    else leave(row, at);
  }
  return closed(rows, seconds);
}

const vagrants = /^(?:==>| {3}) (\S+): (.*)$/;

/** Reads `vagrant up --no-parallel`: a machine's time is over when the next one's begins. */
export function timelineOfVagrant(machines, { lines, seconds }) {
  const rows = emptyRows(machines);
  let current;
  for (const { at, text } of lines) {
    const [, name, words] = vagrants.exec(text) ?? [];
    const row = rows.get(name);
    if (row === undefined) continue;
    if (row !== current) {
      if (current !== undefined) leave(current, at);
      current = row;
    }
    const step = /==> (step \d+\/\d+ .*)/.exec(words)?.[1];
    if (step !== undefined) row.steps.push({ at, title: step });
    else if (row.phases.length === 0) enter(row, 'boot', at);
    else if (row.phases.length === 1 && words.startsWith('Running provisioner:')) enter(row, 'provision', at);
  }
  return closed(rows, seconds);
}

function emptyRows(machines) {
  return new Map(machines.map((name) => [name, { name, phases: [], steps: [] }]));
}

function enter(row, kind, at) {
  leave(row, at);
  row.phases.push({ kind, from: at });
}

function leave(row, at) {
  const phase = row.phases.at(-1);
  if (phase !== undefined) phase.to ??= at;
}

function closed(rows, seconds) {
  for (const row of rows.values()) leave(row, seconds);
  return [...rows.values()];
}
