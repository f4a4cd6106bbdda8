import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { boxCache } from './builtBox.js';

/** The folder in which boxes are baked, one at a time, and the lab folder in it. Makes the first. */
export async function bakeFolder(): Promise<{ folder: string; lab: string }> {
  const folder = join(boxCache(), 'bake');
  await mkdir(folder, { recursive: true });
  return { folder, lab: join(folder, 'lab') };
}
