import type { Argv } from 'yargs';
import type { Run } from '../context.js';

/** The verbs below `k8slab box`. */
export function declareBoxCommands(y: Argv, run: Run): Argv {
  return y
    .usage('$0 box <command>\n\nBoxes are what machines are made of; these were made on this host.')
    .command(
      'bake [lab]',
      'Make a box with packages, runtime and images inside, so that labs only configure',
      (c) =>
        json(c)
          .positional('lab', {
            type: 'string',
            describe: 'Lab it is for (default: the one you stand in, else 1cp-2w)',
          })
          .option('provider', { type: 'string', describe: 'lxc, or auto' })
          .option('set', {
            type: 'string',
            array: true,
            requiresArg: true,
            nargs: 1,
            describe: 'Change a value of the description: path=value, such as cni=flannel',
          })
          .option('bundle', {
            type: 'string',
            requiresArg: true,
            describe: 'Take downloads from this bundle: a folder, a URL, or none (the internet)',
          })
          .option('dry-run', {
            type: 'boolean',
            default: false,
            describe: 'Only say what would be inside, how long it takes and how much disk space',
          }),
      (argv) => run(async (context) => (await import('./bake.js')).bake(argv, context)),
    )
    .command(
      'list',
      'Say which boxes there are, how large and how old, and which labs start from them',
      (c) => json(c),
      (argv) => run(async (context) => (await import('./list.js')).list(argv, context)),
    )
    .command(
      'remove <name> [box-version]',
      'Remove a box from Vagrant, and what was unpacked of it',
      (c) =>
        json(c)
          .positional('name', { type: 'string', demandOption: true, describe: 'Such as k8slab/debian-12' })
          .positional('box-version', { type: 'string', describe: 'One version (default: all of them)' })
          .option('force', { type: 'boolean', default: false, describe: 'Also when labs start from it' }),
      (argv) => run(async (context) => (await import('./remove.js')).remove(argv, context)),
    )
    .demandCommand(1)
    .strict();
}

const json = <T>(y: Argv<T>) =>
  y.option('json', { type: 'boolean', default: false, describe: 'One JSON document on stdout' });
