import type { ErrorCode } from '../../errors/catalogue/index.js';

/** A failure text seen in the wild. Texts are matched with line ends and runs of blanks made one blank. */
export interface KnownFailure {
  code: ErrorCode;
  pattern: RegExp;
  /** Our sentence; `$1` is the pattern's first group. */
  message: string;
}
