import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { failoverRow, failoverTable, faultRow, faultTable, testedTable, withRows } from './testedTable.js';

/** See tests/e2e/run.js. */
const secondTry = process.env.K8SLAB_E2E_AGAIN === 'yes' ? ' at the second try' : '';

/** Pages whose tables are written here. */
const docs = path.resolve(import.meta.dirname, '../../docs');

/** After end-to-end scenarios: one table of them, and where a failed one left its logs; the same into docs/tested.md, and what was measured. */
export default class E2eReporter {
  onRunComplete(_contexts, results) {
    const scenarios = results.testResults
      .filter(({ testFilePath }) => testFilePath.includes(`${path.sep}e2e${path.sep}`))
      .map(({ testFilePath, testResults, perfStats, testExecError }) => {
        const passed = testResults.filter(({ status }) => status === 'passed').length;
        const leftOut = testResults.length > 0 && testResults.every(({ status }) => status === 'pending');
        const ok = testExecError === undefined && passed === testResults.length && passed > 0;
        return {
          name: path.basename(testFilePath, '.test.ts'),
          result: leftOut ? 'left out: no time' : `${ok ? 'passed' : 'FAILED'}${secondTry}`,
          steps: `${passed}/${testResults.length}`,
          time: duration(perfStats.end - perfStats.start),
          ok,
          whole: testResults.every(({ status }) => status === 'passed' || status === 'failed'),
          failed: testResults.find(({ status }) => status === 'failed')?.title,
        };
      });
    if (scenarios.length === 0) return;
    const keep = process.env.K8SLAB_E2E_KEEP ?? path.join(os.tmpdir(), 'k8slab-e2e-failures');
    const lines = [['SCENARIO', 'RESULT', 'STEPS', 'TIME']];
    for (const { name, result, steps, time } of scenarios) lines.push([name, result, steps, time]);
    const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column].length)));
    const table = lines.map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
    process.stdout.write(`\n${table.join('\n')}\n`);
    for (const { name, ok } of scenarios) {
      const folder = path.join(keep, name);
      if (!ok && existsSync(folder)) process.stdout.write(`\nLogs and snapshots of ${name}: ${folder}\n`);
    }
    record(scenarios);
  }
}

/** Scenarios of which only some steps were asked for prove nothing, and are left out. */
function record(scenarios) {
  const date = new Date().toISOString().slice(0, 10);
  const whole = scenarios.filter((scenario) => scenario.whole);
  const tested = whole.flatMap(({ name, ok, failed, steps, time }) => {
    const facts = readJson('facts', `${name}.json`);
    const result = ok
      ? `passed${secondTry}: ${steps} steps, ${time}`
      : `**failed** at “${failed ?? 'its start'}”`;
    return facts === undefined ? [] : [[facts.scenario, facts.machines, facts.ran, result, date]];
  });
  write('tested.md', testedTable, tested);
  // A fault is mended and noted before the next one is made: each counts for itself.
  const faults = scenarios.flatMap(({ name }) => readJson(`faults-${name}.json`) ?? []);
  write(
    'tested.md',
    faultTable,
    faults.map((fault) => faultRow(fault, date)),
  );
  const failovers = whole.flatMap(({ name }) => {
    const run = readJson(`failover-${name}.json`);
    return run === undefined ? [] : [failoverRow(run, date)];
  });
  write('performance.md', failoverTable, failovers);
}

function write(name, table, rows) {
  const page = path.join(docs, name);
  if (rows.length > 0) writeFileSync(page, withRows(readFileSync(page, 'utf8'), table, rows));
}

/** What a scenario wrote down (see tests/e2e/support/facts.ts); nothing when it came to nothing. */
function readJson(...file) {
  try {
    return JSON.parse(readFileSync(path.join(process.env.K8SLAB_TEST_INSTALLED ?? '', ...file), 'utf8'));
  } catch {
    return undefined;
  }
}

const duration = (milliseconds) => {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
};
