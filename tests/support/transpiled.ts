import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from '@swc/core';
import { packageRoot } from '../../src/assets/load.js';

/** Makes the sources runnable by Node alone, in a folder, for tests that need a process of their own; types are not checked. */
export async function transpile(target: string): Promise<void> {
  const entries = await readdir(path.join(packageRoot, 'src'), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(({ name }) => name.endsWith('.ts'))) {
    const source = path.join(entry.parentPath, entry.name);
    const { code } = await transform(await readFile(source, 'utf8'), {
      filename: source,
      configFile: false,
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    const file = path.join(target, path.relative(packageRoot, source)).replace(/\.ts$/, '.js');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, code);
  }
  await writeFile(path.join(target, 'package.json'), '{"type":"module"}');
  await symlink(path.join(packageRoot, 'node_modules'), path.join(target, 'node_modules'), 'dir');
}
