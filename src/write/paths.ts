import path from 'node:path';
import { K8slabError } from '../errors/error.js';

const segment = /^[A-Za-z0-9._@+-]+$/;
/** Names that Windows keeps for devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$)(\.|$)/i;
const longestSegment = 255;
/** Longest path that programs without long-path support open on Windows (MAX_PATH without its end). */
const longestOnWindows = 259;

/** Suffix of a new version that waits beside a file a person edited. */
export const newSuffix = '.k8slab-new';

/** What is wrong with a path of a generated file, relative to the lab folder with forward slashes; nothing when it is fine. */
export function pathProblem(file: string): string | undefined {
  if (file === '') return 'it is empty';
  if (file.startsWith('/') || /^[A-Za-z]:/.test(file)) return 'it is absolute';
  const parts = file.split('/');
  for (const part of parts) {
    if (part === '..' || part === '.') return 'it leaves its folder';
    if (!segment.test(part)) return 'only letters, digits and . _ @ + - may be in a name';
    if (part.endsWith('.')) return 'a name ends in a dot, which Windows drops';
    if (reserved.test(part)) return `${part} is reserved by Windows`;
    if (part.length + newSuffix.length > longestSegment) return 'a name is too long';
  }
  if (parts[0]?.toLowerCase() === '.k8slab') return '.k8slab/ holds the state of the lab';
  if (file.toLowerCase() === 'lab.yaml') return 'lab.yaml belongs to its author';
  return undefined;
}

/**
 * Checks every path of a file tree before anything is touched. Throws RENDER_PATH, and RENDER_PATH_TOO_LONG
 * on Windows, where Vagrant's Ruby opens paths of at most 259 characters.
 */
export function checkPaths(dir: string, files: Iterable<string>, platform: NodeJS.Platform): void {
  const seen = new Map<string, string>();
  for (const file of files) {
    const problem = pathProblem(file);
    if (problem !== undefined) {
      throw new K8slabError(
        'RENDER_PATH',
        `${JSON.stringify(file)} cannot be the path of a generated file: ${problem}.`,
      );
    }
    const other = seen.get(file.toLowerCase());
    if (other !== undefined) {
      throw new K8slabError(
        'RENDER_PATH',
        `${file} and ${other} are one file on systems that do not tell upper from lower case.`,
      );
    }
    seen.set(file.toLowerCase(), file);
    const full = path.join(dir, file) + newSuffix;
    if (platform === 'win32' && full.length > longestOnWindows) {
      throw new K8slabError(
        'RENDER_PATH_TOO_LONG',
        `${path.join(dir, file)} would be longer than ${longestOnWindows - newSuffix.length} characters.`,
      );
    }
  }
}

/** Every folder that a file lies in, outermost first: `a/b/c.sh` gives `a`, `a/b`. */
export function parents(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
