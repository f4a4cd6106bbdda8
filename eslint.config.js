import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const effects = [
  'fs',
  'fs/promises',
  'child_process',
  'os',
  'net',
  'http',
  'https',
  'process',
  'worker_threads',
];
const effectModules = [
  ...effects,
  ...effects.map((name) => `node:${name}`),
  'fs-extra',
  'execa',
  'proper-lockfile',
];
const spawning = ['child_process', 'node:child_process', 'execa'];

const noImports = (names, folders, message) => ({
  'no-restricted-imports': [
    'error',
    {
      paths: names.map((name) => ({ name, message, allowTypeImports: true })),
      patterns: folders.map((folder) => ({ regex: `/${folder}/`, message, allowTypeImports: true })),
    },
  ],
});

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'tests/golden/labs/'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  {
    files: ['src/lab/**', 'src/plan/**', 'src/render/**', 'src/checks/**', 'src/report/**', 'src/errors/**'],
    rules: noImports(
      effectModules,
      ['vagrant', 'write', 'commands', 'collect/(?!snapshot)', 'assets/(?!manifests)'],
      'Pure stage: values in, values out; no files, no processes.',
    ),
  },
  {
    files: ['src/assets/**', 'src/write/**', 'src/collect/**', 'src/commands/**', 'src/cli.ts'],
    rules: noImports(spawning, [], 'Only src/vagrant starts programs.'),
  },
);
