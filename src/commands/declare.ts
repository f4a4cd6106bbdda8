import type { Argv } from 'yargs';
import { declareBoxCommands } from './box/declare.js';
import { declareBundleCommands } from './bundle/declare.js';
import type { Run } from './context.js';
import {
  bakedOption,
  bundleOption,
  changes,
  folder,
  json,
  labArgument,
  nodes,
  providerOption,
  stopAfterOption,
  verifyOptions,
} from './options.js';

/** Every verb, for advice on misspelt ones. */
export const verbs: readonly string[] = [
  ...[
    'create',
    'plan',
    'validate',
    'list',
    'show',
    'render',
    'up',
    'provision',
    'halt',
    'reset',
    'destroy',
    'status',
  ],
  ...['ssh', 'kubectl', 'kubeconfig', 'verify', 'doctor', 'setup', 'explain', 'completion', 'bundle', 'box'],
];

/** Verbs below a verb. */
export const verbsBelow: Readonly<Record<string, readonly string[]>> = {
  bundle: ['create', 'verify', 'list', 'serve'],
  box: ['bake', 'list', 'remove'],
};

/**
 * Declares every verb with its flags and help. What a verb does lives in a file of its own,
 * imported only when it is called: start-up is what people wait for most often.
 */
export function declareCommands(cli: Argv, run: Run): Argv {
  return cli
    .command(
      'create <lab>',
      'Plan a lab, write its folder, boot it and verify it',
      (y) =>
        stopAfterOption(bakedOption(bundleOption(labArgument(changes(json(y))))))
          .option('dir', { type: 'string', describe: 'Lab folder to write (default: ./<name of the lab>)' })
          .option('up', { type: 'boolean', default: true, describe: 'Boot and verify; --no-up only writes' })
          .option('setup', { type: 'boolean', default: false, describe: 'Install what is missing first' })
          .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' }),
      (argv) => run(async (context) => (await import('./create.js')).create(argv, context)),
    )
    .command(
      'plan <lab>',
      'Show machines, addresses, ranges and a picture, without writing anything',
      (y) => bakedOption(bundleOption(labArgument(changes(json(y))))),
      (argv) => run(async (context) => (await import('./plan.js')).plan(argv, context)),
    )
    .command(
      'validate <file..>',
      'Check lab files and report every mistake with its place and fix',
      (y) => json(y).positional('file', { type: 'string', array: true, demandOption: true }),
      (argv) => run(async (context) => (await import('./validate.js')).validate(argv, context)),
    )
    .command('list', 'List the presets', json, (argv) =>
      run(async (context) => (await import('./list.js')).list(argv, context)),
    )
    .command(
      'show <lab>',
      'Print the description of a lab, and what it is about',
      (y) => labArgument(json(y)),
      (argv) => run(async (context) => (await import('./show.js')).show(argv, context)),
    )
    .command(
      'render',
      'Write the files again after an edit of lab.yaml',
      (y) => folder(json(y)),
      (argv) => run(async (context) => (await import('./render.js')).render(argv, context)),
    )
    .command(
      'up [node..]',
      'Boot and provision the machines that are not up yet, then verify',
      (y) =>
        stopAfterOption(nodes(folder(json(y)))).option('verify', {
          type: 'boolean',
          default: true,
          describe: 'Verify at the end; --no-verify does not',
        }),
      (argv) => run(async (context) => (await import('./up.js')).up(argv, context)),
    )
    .command(
      'provision [node..]',
      'Run the provisioners again, on machines that are up',
      (y) => nodes(folder(json(y))),
      (argv) => run(async (context) => (await import('./provision.js')).provision(argv, context)),
    )
    .command(
      'halt [node..]',
      'Shut the machines down; their disks stay',
      (y) => nodes(folder(json(y))),
      (argv) => run(async (context) => (await import('./halt.js')).halt(argv, context)),
    )
    .command(
      'destroy [node..]',
      'Delete the machines; the lab folder stays',
      (y) =>
        nodes(folder(json(y))).option('yes', {
          alias: 'y',
          type: 'boolean',
          default: false,
          describe: 'Do not ask',
        }),
      (argv) => run(async (context) => (await import('./destroy.js')).destroy(argv, context)),
    )
    .command(
      'reset [node..]',
      'Take the cluster down to bare machines, to set it up by hand or anew',
      (y) =>
        nodes(folder(json(y)))
          .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
          .option('dry-run', {
            type: 'boolean',
            default: false,
            describe: 'Print the commands; run nothing',
          }),
      (argv) => run(async (context) => (await import('./reset.js')).reset(argv, context)),
    )
    .command(
      'status',
      'Say which machines run and which are provisioned',
      (y) => folder(json(y)),
      (argv) => run(async (context) => (await import('./status.js')).status(argv, context)),
    )
    .command(
      'ssh <node>',
      'Open a shell on a machine, or run a command there',
      (y) =>
        folder(y)
          .positional('node', { type: 'string', demandOption: true, describe: 'Machine' })
          .example('$0 ssh worker1 -- uptime', 'run one command'),
      (argv) => run(async () => (await import('./ssh.js')).ssh(argv), 'foreign'),
    )
    .command(
      'kubectl',
      'Run kubectl against the lab',
      (y) =>
        folder(y).example(
          '$0 kubectl get nodes -o wide',
          'with kubectl of this host, else of a control plane',
        ),
      (argv) => run(async () => (await import('./kubectl.js')).kubectl(argv), 'foreign'),
    )
    .command(
      'kubeconfig',
      "Print the path of the lab's kubeconfig",
      (y) =>
        folder(json(y)).option('merge', {
          type: 'boolean',
          default: false,
          describe: 'Add it to ~/.kube/config (or $KUBECONFIG) and make it the current context',
        }),
      (argv) => run(async (context) => (await import('./kubeconfig.js')).kubeconfig(argv, context)),
    )
    .command(
      'verify',
      'Look at every machine and say whether the lab is sound, and if not, why and what to do',
      verifyOptions,
      (argv) =>
        run(async (context) =>
          argv.drill
            ? (await import('./drill.js')).drill(argv, context)
            : argv.watch
              ? (await import('./watch.js')).watch(argv, context)
              : (await import('./verify.js')).verify(argv, context),
        ),
    )
    .command(
      'doctor [lab]',
      'Say whether this host can run a lab, before anything boots',
      (y) =>
        json(y).positional('lab', { type: 'string', describe: 'Preset, <n>cp-<n>w, or path of a lab.yaml' }),
      (argv) => run(async (context) => (await import('./doctor.js')).doctor(argv, context)),
    )
    .command(
      'setup',
      'Install Vagrant and a provider through the package manager of this system',
      (y) =>
        providerOption(json(y)).option('yes', {
          alias: 'y',
          type: 'boolean',
          default: false,
          describe: 'Do not ask',
        }),
      (argv) => run(async (context) => (await import('./setup.js')).setup(argv, context)),
    )
    .command(
      'explain [code]',
      'Explain an error or finding; without a code, list them all',
      (y) => json(y).positional('code', { type: 'string', describe: 'Such as LAB_HOST_BITS' }),
      (argv) => run(async (context) => (await import('./explain.js')).explain(argv, context)),
    )
    .command('bundle', "A lab's downloads in a folder: make one, look into it, offer it", (y) =>
      declareBundleCommands(y, run),
    )
    .command('box', 'Boxes made on this host: bake one, list them, remove one', (y) =>
      declareBoxCommands(y, run),
    );
}
