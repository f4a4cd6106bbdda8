/** Unit, golden and command line tests need Node alone; system and end-to-end tests have their own commands. */
const area = (name, extra = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  ...extra,
});

/** Tests that run the package as a person installs it. */
const installed = {
  globalSetup: '<rootDir>/tests/support/installPackage.js',
  globalTeardown: '<rootDir>/tests/support/removePackage.js',
};

export default {
  // Several programs and machines take the processor at once: only what hangs is a failure of time.
  testTimeout: 60_000,
  reporters: [
    'default',
    '<rootDir>/tests/support/e2eReporter.js',
    '<rootDir>/tests/support/tallyReporter.js',
  ],
  projects: [
    area('unit', { testMatch: ['unit', 'virtualbox'].map((name) => `<rootDir>/tests/${name}/**/*.test.ts`) }),
    area('golden'),
    area('cli', installed),
    area('system'),
    area('e2e', {
      globalSetup: '<rootDir>/tests/e2e/support/setUp.js',
      globalTeardown: '<rootDir>/tests/e2e/support/tearDown.js',
    }),
  ],
};
