import type { Argv } from 'yargs';
import type { Run } from '../context.js';

/** The verbs below `k8slab bundle`. */
export function declareBundleCommands(y: Argv, run: Run): Argv {
  return y
    .usage('$0 bundle <command>\n\nA bundle holds all that labs download, in one folder.')
    .command(
      'create [lab..]',
      'Make a bundle',
      (c) =>
        json(c)
          .positional('lab', {
            type: 'string',
            array: true,
            describe: 'Labs that it is for: they say which Kubernetes, and what is downloaded',
          })
          .option('out', { type: 'string', demandOption: true, describe: 'Folder to make' })
          .option('from', {
            choices: ['upstream', 'modules'] as const,
            default: 'upstream' as const,
            describe: 'upstream: downloaded; modules: built here from Go modules, with this host’s Go',
          })
          .option('platform', {
            choices: ['linux/amd64', 'linux/arm64'] as const,
            describe: 'Processor of the machines (from upstream); default: that of this host',
          })
          .option('kubernetes', {
            type: 'string',
            requiresArg: true,
            describe: 'Version, such as 1.36.3, or a minor for its newest patch',
          })
          .option('kubernetes-source', {
            type: 'string',
            requiresArg: true,
            describe: 'A checkout of Kubernetes that is built instead',
          })
          .option('add', {
            type: 'string',
            array: true,
            requiresArg: true,
            nargs: 1,
            describe: 'Archive with programs that modules cannot give, such as Calico',
          }),
      (argv) =>
        run(async (context) =>
          argv.from === 'upstream'
            ? (await import('./createUpstream.js')).createUpstreamBundle(argv, context)
            : (await import('./create.js')).createBundle(argv, context),
        ),
    )
    .command(
      'verify <path>',
      'Compare every file and image with its checksum',
      (c) => path(json(c)),
      (argv) => run(async (context) => (await import('./verify.js')).verify(argv, context)),
    )
    .command(
      'list [path]',
      'Say what is inside',
      (c) =>
        json(c).positional('path', {
          type: 'string',
          default: '.',
          describe: 'Folder of the bundle',
        }),
      (argv) => run(async (context) => (await import('./list.js')).list(argv, context)),
    )
    .command(
      'serve <path>',
      'Offer it to other computers until Ctrl-C',
      (c) =>
        path(json(c)).option('listen', {
          type: 'string',
          default: '0.0.0.0:8580',
          requiresArg: true,
          describe: 'Address and port; 0.0.0.0 is every address of this host',
        }),
      (argv) => run(async (context) => (await import('./serve.js')).serve(argv, context)),
    )
    .demandCommand(1)
    .strict();
}

const json = <T>(y: Argv<T>) =>
  y.option('json', { type: 'boolean', default: false, describe: 'One JSON document on stdout' });

const path = <T>(y: Argv<T>) =>
  y.positional('path', { type: 'string', demandOption: true, describe: 'Folder of the bundle' });
