/** Which folder of src/ may do what: the last column of the table in CONTRIBUTING.md, for ESLint. */

const modules = (...names) => names.flatMap((name) => [name, `node:${name}`]);
const effects = [
  ...modules('fs', 'fs/promises', 'os', 'process', 'net', 'dns', 'http', 'https', 'worker_threads'),
  ...['fs-extra', 'proper-lockfile'],
];
const spawning = [...modules('child_process', 'cluster'), 'execa'];
const reading = ['access', 'constants', 'createReadStream', 'existsSync', 'lstat', 'open', 'readFile'].concat(
  ['readFileSync', 'readdir', 'readdirSync', 'readlink', 'realpath', 'stat', 'statSync', 'statfs'],
);

const pure = 'Pure stage: values in, values out; no files, no processes, no network.';
const spawns = 'Only src/vagrant starts programs.';
const writes = 'Only src/write writes lab folders.';
const glue = 'Commands put the stages together; no stage knows them.';

/** Forbids modules, also when they are imported lazily; types may come from everywhere. */
const forbid = (paths, patterns) => ({
  'no-restricted-imports': [
    'error',
    {
      paths: paths.map((one) => ({ ...one, allowTypeImports: true })),
      patterns: patterns.map((one) => ({ ...one, allowTypeImports: true })),
    },
  ],
  'no-restricted-syntax': [
    'error',
    ...paths
      .filter(({ allowImportNames }) => allowImportNames === undefined)
      .map(({ name, message }) => ({ selector: `ImportExpression[source.value='${name}']`, message })),
  ],
});
const all = (names, message) => names.map((name) => ({ name, message }));

const pureFolders = ['lab', 'plan', 'render', 'checks', 'report', 'secrets', 'setup', 'errors'];
const effectFolders = '(vagrant|write|box|bundle)/|collect/(?!snapshot)|assets/(?!manifests)';
const files = (...folders) => folders.map((folder) => `src/${folder}/**`);

/** @type {import('eslint').Linter.Config[]} */
export const boundaries = [
  {
    files: files(...pureFolders),
    rules: {
      ...forbid(
        [...all(effects, pure), ...all(spawning, pure)],
        [
          { regex: `\\.\\./(?:${effectFolders})`, message: pure },
          { regex: '/commands/', message: glue },
        ],
      ),
      'no-restricted-globals': ['error', ...['process', 'fetch'].map((name) => ({ name, message: pure }))],
    },
  },
  {
    files: [...files('assets', 'collect', 'commands'), 'src/cli.ts'],
    rules: forbid(
      [
        ...all(spawning, spawns),
        ...modules('fs', 'fs/promises').map((name) => ({ name, message: writes, allowImportNames: reading })),
        { name: 'fs-extra', message: writes },
      ],
      [],
    ),
  },
  {
    files: [...files('write', 'box', 'bundle'), 'src/build.ts'],
    rules: forbid(all(spawning, spawns), [{ regex: '/commands/', message: glue }]),
  },
  {
    files: files('vagrant'),
    rules: forbid([], [{ regex: '/commands/', message: glue }]),
  },
];
