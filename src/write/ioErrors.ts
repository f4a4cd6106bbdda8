import type { ErrorCode } from '../errors/catalogue/index.js';
import { K8slabError, K8slabErrors } from '../errors/error.js';

const known: Partial<Record<string, { code: ErrorCode; says: string }>> = {
  ENOSPC: { code: 'RENDER_DISK_FULL', says: 'no space is left on the disk' },
  EDQUOT: { code: 'RENDER_DISK_FULL', says: 'your quota on the disk is used up' },
  EFBIG: { code: 'RENDER_DISK_FULL', says: 'the system allows no file of that size (see: ulimit -f)' },
  EACCES: { code: 'RENDER_READ_ONLY', says: 'permission denied' },
  EPERM: { code: 'RENDER_READ_ONLY', says: 'the system does not permit it' },
  EROFS: { code: 'RENDER_READ_ONLY', says: 'the file system is mounted read-only' },
  ENAMETOOLONG: { code: 'RENDER_PATH_TOO_LONG', says: 'the path is too long' },
  ELOOP: { code: 'RENDER_SYMLINK', says: 'symbolic links go round in a circle' },
  ENOTDIR: { code: 'RENDER_IN_THE_WAY', says: 'a part of the path is a file, not a folder' },
  EISDIR: { code: 'RENDER_IN_THE_WAY', says: 'a folder stands there' },
};

/**
 * The error for people that a failed file operation becomes; errors that already are one stay as they are.
 * `doing` completes "cannot": "write /home/me/1cp-2w/Vagrantfile".
 */
export function fileError(error: unknown, doing: string): Error {
  if (error instanceof K8slabError || error instanceof K8slabErrors) return error;
  const message = messageOf(error);
  const code = systemCode(error);
  if (code === undefined) return error instanceof Error ? error : new Error(message, { cause: error });
  const entry = known[code] ?? { code: 'RENDER_WRITE' as const, says: message };
  return new K8slabError(entry.code, `Cannot ${doing}: ${entry.says}.`, { raw: message, cause: error });
}

/** Runs a file operation; what fails is thrown as `fileError`. */
export async function orFileError<T>(doing: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw fileError(error, doing);
  }
}

/** `ENOENT` and the like, of errors that the system gave. */
export function systemCode(error: unknown): string | undefined {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'message' in error && typeof error.message === 'string' ? error.message : String(error);
}
