import { loadAssets } from '../assets/load.js';
import { planText } from '../plan/text.js';
import { shellQuote } from '../vagrant/shell.js';
import type { Context, Status } from './context.js';
import { describe, type LabArguments } from './describeLab.js';
import { planHere } from './planHere.js';

/** Prints the plan of a lab on this host; writes nothing. */
export async function plan(argv: LabArguments, context: Context): Promise<Status> {
  const assets = await loadAssets();
  const cluster = await planHere(await describe(argv, assets), assets);
  context.result(cluster);
  if (context.json) return 0;
  context.say(planText(cluster, context.palette).trimEnd());
  context.say();
  context.say(`What now?  k8slab create ${shellQuote(argv.lab)}`);
  return 0;
}
