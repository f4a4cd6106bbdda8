import { appendFileSync } from 'node:fs';
import process from 'node:process';

/** Adds a line `passed failed` to the file K8SLAB_TALLY names, so that CI can sum up several runs of jest. */
export default class TallyReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const file = process.env.K8SLAB_TALLY;
    if (file) appendFileSync(file, `${numPassedTests} ${numFailedTests + numRuntimeErrorTestSuites}\n`);
  }
}
