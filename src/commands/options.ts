import type { Argv } from 'yargs';
import { layers } from '../checks/check.js';

export const json = <T>(y: Argv<T>) =>
  y.option('json', { type: 'boolean', default: false, describe: 'One JSON document on stdout' });

export const folder = <T>(y: Argv<T>) =>
  y.option('dir', { alias: 'C', type: 'string', describe: 'Lab folder (default: the one you stand in)' });

export const nodes = <T>(y: Argv<T>) =>
  y.positional('node', { type: 'string', array: true, describe: 'Machines (default: all)' });

export const bundleOption = <T>(y: Argv<T>) =>
  y.option('bundle', {
    type: 'string',
    requiresArg: true,
    describe: 'Take downloads from this bundle: a folder, a URL, or none (the internet)',
  });

export const bakedOption = <T>(y: Argv<T>) =>
  y.option('baked', {
    type: 'boolean',
    describe: 'Start from a baked box (default: new labs do where one fits); --no-baked does not',
  });

export const labArgument = <T>(y: Argv<T>) =>
  y.positional('lab', {
    type: 'string',
    demandOption: true,
    describe: 'Preset (k8slab list), <n>cp-<n>w[-<n>lb], or path of a lab.yaml',
  });

export const providerOption = <T>(y: Argv<T>) =>
  y.option('provider', { type: 'string', describe: 'virtualbox, libvirt, lxc, or auto' });

export const changes = <T>(y: Argv<T>) =>
  providerOption(y).option('set', {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: 'Change a value of the description: path=value, such as workers.memory=4GiB',
  });

/** `--stop-after machines` */
export function stopAfterOption<T>(cli: Argv<T>): Argv<T & { 'stop-after': string | undefined }> {
  return cli.option('stop-after', {
    type: 'string',
    choices: ['machines'],
    describe: 'machines: boot them and put their files onto them, to set them up by hand',
  });
}

export const verifyOptions = <T>(y: Argv<T>) =>
  folder(json(y))
    .option('wait', { type: 'string', describe: 'Look again until sound or out of time, such as 10m' })
    .option('from', {
      type: 'string',
      array: true,
      describe: 'Judge saved snapshots instead of looking; several give a table',
    })
    .option('save', { type: 'string', describe: 'Save the snapshot to a file (no secrets in it)' })
    .option('html', { type: 'string', describe: 'Write the report as a page for a browser' })
    .option('junit', { type: 'string', describe: 'Write the report as JUnit XML, for CI systems' })
    .option('layer', {
      type: 'string',
      array: true,
      choices: layers,
      describe: 'Only these layers',
    })
    .option('only', { type: 'string', array: true, describe: 'Only findings with these codes' })
    .option('skip', { type: 'string', array: true, describe: 'Without findings with these codes' })
    .option('watch', {
      type: 'boolean',
      default: false,
      describe: 'Look again every few seconds, until Ctrl-C, and say what changes',
    })
    .option('probe', {
      type: 'boolean',
      describe: 'Ask pods of our own what they reach (default; not with --watch); --no-probe only looks',
    })
    .option('drill', {
      type: 'boolean',
      default: false,
      describe: 'Pull the plug of the machine with the virtual address, and measure the failover',
    })
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask (--drill)' });
