import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach } from '@jest/globals';
import type { FileTree, TreeFile } from '../../../../src/render/fileTree.js';

const made: string[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A new folder that goes away after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'k8slab-test-'));
  made.push(folder);
  return folder;
}

/** A tree of plain files; scripts get their mode. */
export function tree(files: Record<string, string>): FileTree {
  return new Map(
    Object.entries(files).map(([file, content]): [string, TreeFile] => [
      file,
      { content, mode: file.endsWith('.sh') ? 0o755 : 0o644 },
    ]),
  );
}

/** Every file below a folder except the state folder, path to content; none where there is no such folder. */
export async function contents(folder: string): Promise<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !file.startsWith('.k8slab/'))
    .sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return Object.fromEntries(files.map((file, index) => [file, texts[index] ?? '']));
}

const here = path.dirname(fileURLToPath(import.meta.url));

/** Node's arguments that run a TypeScript file of this folder in a process of its own. */
export function childArguments(script: string, ...parameters: string[]): string[] {
  const loader = pathToFileURL(path.join(here, 'loader.mjs')).href;
  return ['--no-warnings', '--import', loader, path.join(here, script), ...parameters];
}

/** Starts such a process; its standard output is a pipe. */
export function startChild(script: string, ...parameters: string[]): ChildProcess {
  return spawn(process.execPath, childArguments(script, ...parameters), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Waits for a line on a child's standard output. */
export function output(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.stdout?.on('data', (data: Buffer) => {
      seen += data.toString();
      if (seen.includes(text)) resolve();
    });
    child.once('exit', () => {
      reject(new Error(`the child ended before it said ${text}: ${seen}`));
    });
  });
}

/** Waits until a child has ended. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else
      child.once('exit', () => {
        resolve();
      });
  });
}
