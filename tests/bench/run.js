import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { timelineChart } from './lib/chart.js';
import { lacking, withLab } from './lib/lab.js';
import { thisMachine } from './lib/machine.js';
import { root } from './lib/place.js';
import { Stopped, stopOnSignals } from './lib/programs.js';
import { performancePage, sections } from './page.js';
import { planning } from './parts/planning.js';
import { startup } from './parts/startup.js';
import { up } from './parts/up.js';
import { verify } from './parts/verify.js';

/**
 * npm run bench [-- PART…] [-- --rounds N]
 * Measures the parts (all when none is named) and prints a table for each. A run of all parts writes
 * docs/performance.md and its picture.
 */
const withNodeAlone = { startup, planning };
const withMachines = { up, verify };
const parts = Object.keys({ ...withNodeAlone, ...withMachines });

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    out: { type: 'string', default: path.join(root, 'docs') },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const unknown = positionals.find((part) => !parts.includes(part));
if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`Parts: ${parts.join(', ')}. --rounds: boots of each kind, 1 or more.`);
  process.exit(2);
}
const wanted = positionals.length === 0 ? parts : parts.filter((part) => positionals.includes(part));

stopOnSignals();
const started = Date.now();
const say = (text) => console.log(text);
const results = {};
const finish = (part, result) => {
  results[part] = result;
  say(`\n${sections[part](result)}`);
};

async function bench() {
  const machine = await thisMachine();
  say(`${machine.processors}, ${machine.memory}, Node ${machine.node}, load ${machine.load}`);
  for (const part of wanted.filter((name) => name in withNodeAlone)) {
    say(`${part} …`);
    finish(part, await withNodeAlone[part]());
  }
  const booting = wanted.filter((part) => part in withMachines);
  const missing = booting.length === 0 ? [] : await lacking();
  if (missing.length > 0) {
    say(
      `Left out: ${booting.join(', ')}. Booting machines needs: ${missing.join(', ')} (k8slab setup --provider lxc).`,
    );
    if (positionals.length > 0) process.exitCode = 1;
  } else if (booting.length > 0) {
    await withLab(async (lab) => {
      for (const part of booting) {
        say(`${part} …`);
        finish(part, await withMachines[part](lab, { rounds, say }));
      }
    });
  }

  if (parts.every((part) => part in results)) {
    const page = path.join(values.out, 'performance.md');
    const before = await readFile(page, 'utf8').catch(() => '');
    await writeFile(page, performancePage(machine, results, before));
    await writeFile(path.join(values.out, 'performance-up.svg'), timelineChart(results.up.panels));
    say(
      `Written: ${path.join(values.out, 'performance.md')}, in ${Math.round((Date.now() - started) / 1000)} s.`,
    );
  } else {
    say('docs/performance.md stays as it is: only a run of all parts writes it.');
  }
}

try {
  await bench();
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  say('Stopped; machines and folders of the bench are removed.');
  process.exitCode = 130;
}
