// `npm run e2e:virtualbox-real`: the scenario of Kubernetes on VirtualBox with the VirtualBox, Vagrant and kubectl of this
// computer instead of the stand-in. Its row in docs/tested.md is written like all others. What follows `--` goes to
// `k8slab create`, such as `--bundle PATH`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '../..');
const { status } = spawnSync(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--no-warnings', path.join(root, 'node_modules/jest/bin/jest.js')],
    ...['--selectProjects', 'e2e', '--verbose', '--runInBand', 'tests/e2e/more/virtualboxKubernetes'],
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, K8SLAB_E2E_VIRTUALBOX: JSON.stringify(process.argv.slice(2)) },
  },
);
process.exitCode = status ?? 1;
