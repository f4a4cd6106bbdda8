import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from '@swc/core';

const root = path.resolve(import.meta.dirname, '..', '..');

/**
 * Puts the stand-in for VBoxManage into a folder, made runnable by Node alone; its folder `bin` belongs at the front of the
 * PATH. Gives that folder. Types are not checked.
 */
export async function installVBoxManage(target: string): Promise<string> {
  const sources = path.join(import.meta.dirname, 'vboxmanage');
  for (const entry of await readdir(sources, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.ts')) continue;
    const source = path.join(entry.parentPath, entry.name);
    const { code } = await transform(await readFile(source, 'utf8'), {
      filename: source,
      configFile: false,
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    const file = path.join(target, 'lib', path.relative(sources, source)).replace(/\.ts$/, '.js');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, code);
  }
  await writeFile(path.join(target, 'package.json'), '{"type":"module"}\n');
  const lxc = path.join(root, 'box-templates', 'lxc');
  await mkdir(path.join(target, 'lib', 'assets'), { recursive: true });
  await cp(path.join(lxc, 'box', 'lxc-config'), path.join(target, 'lib', 'assets', 'lxc-config'));
  await cp(path.join(lxc, 'lxc', 'kernel-limits.sh'), path.join(target, 'lib', 'assets', 'kernel-limits.sh'));
  const bin = path.join(target, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(
    path.join(bin, 'VBoxManage'),
    `#!/bin/sh\n# A test's tool, not VirtualBox.\nexec '${process.execPath}' '${path.join(target, 'lib', 'program.js')}' "$@"\n`,
  );
  await chmod(path.join(bin, 'VBoxManage'), 0o755);
  return bin;
}
