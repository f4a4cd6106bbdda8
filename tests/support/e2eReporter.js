import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** After end-to-end scenarios: one table of them, and where a failed one left its logs. */
export default class E2eReporter {
  onRunComplete(_contexts, results) {
    const scenarios = results.testResults
      .filter(({ testFilePath }) => testFilePath.includes(`${path.sep}e2e${path.sep}`))
      .map(({ testFilePath, testResults, perfStats, testExecError }) => {
        const passed = testResults.filter(({ status }) => status === 'passed').length;
        const ok = testExecError === undefined && passed === testResults.length && passed > 0;
        return {
          name: path.basename(testFilePath, '.test.ts'),
          result: ok ? 'passed' : 'FAILED',
          steps: `${passed}/${testResults.length}`,
          time: duration(perfStats.end - perfStats.start),
          ok,
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
  }
}

const duration = (milliseconds) => {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
};
