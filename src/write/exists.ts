import { access } from 'node:fs/promises';

/** Whether a path leads to something that this user may see; a link to nowhere does not. */
export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
