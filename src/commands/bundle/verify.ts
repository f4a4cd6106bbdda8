import { readBundle } from '../../bundle/document.js';
import { verifyBundle } from '../../bundle/verify.js';
import type { Context, Status } from '../context.js';

/** Reads a bundle whole and names everything that is not as bundle.json says. */
export async function verify(argv: { path: string }, context: Context): Promise<Status> {
  const { name } = await readBundle(argv.path);
  const { green, red } = context.palette;
  let checked = 0;
  const findings = await verifyBundle(argv.path, () => {
    checked += 1;
    if (context.terminal) context.stream.write(`\r${checked} checked`);
    context.signal.throwIfAborted();
  });
  if (context.terminal) context.stream.write('\r\u001b[K');
  context.result({ name, checked, sound: findings.length === 0, findings });
  for (const { message } of findings) context.say(`${red('✗')} ${message}`);
  if (findings.length === 0) {
    context.say(
      `${green('✓')} ${name} is whole: ${checked} files and parts of images are what they should be.`,
    );
    return 0;
  }
  context.say('\nCopy the bundle again, or make it anew: k8slab bundle create --out DIR');
  return 1;
}
