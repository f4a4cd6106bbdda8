import { describeBundle } from '../../bundle/describe.js';
import type { Context, Status } from '../context.js';
import { table } from '../table.js';
import { nextCommand } from './nextCommand.js';
import { sizeText } from './sizes.js';

/** Prints what a bundle holds. */
export async function list(argv: { path: string }, context: Context): Promise<Status> {
  const bundle = await describeBundle(argv.path);
  context.result(bundle);
  if (context.json) return 0;
  const { bold } = context.palette;
  context.say(`${bold(bundle.name)}: ${bundle.platform}, from ${bundle.from}, ${sizeText(bundle.size)}\n`);
  context.say(
    table(
      ['COMPONENT', 'VERSION'],
      bundle.versions.map(({ component, version }) => [component, version]),
    ),
  );
  const parts = (heading: string, rows: readonly { name: string; size: number; origin: string }[]): string =>
    table(
      [heading, 'SIZE', 'FROM'],
      rows.map(({ name, size, origin }) => [name, sizeText(size), origin]),
    );
  context.say(`\n${parts('IMAGE', bundle.images)}`);
  const files = bundle.files.map(({ path, ...file }) => ({ name: path, ...file }));
  context.say(`\n${parts('FILE', files)}`);
  for (const { repository, fingerprint } of bundle.keys)
    context.say(`\n${repository} is signed with the bundle's own key, ${fingerprint}.`);
  const components = bundle.versions.map(({ component }) => component);
  context.say(`\nWhat now?  ${nextCommand(components, argv.path)}`);
  return 0;
}
