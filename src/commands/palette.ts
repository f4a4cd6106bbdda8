import { Chalk, supportsColor, supportsColorStderr } from 'chalk';
import { plainPalette, type Palette } from '../errors/palette.js';

/** Colour only on a terminal; NO_COLOR and FORCE_COLOR are honoured. */
export function paletteFor(stream: NodeJS.WriteStream): Palette {
  const support = stream === process.stderr ? supportsColorStderr : supportsColor;
  if (!support || process.env.NO_COLOR) return plainPalette;
  const chalk = new Chalk({ level: support.level });
  return {
    bold: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    red: (text) => chalk.red(text),
    green: (text) => chalk.green(text),
    yellow: (text) => chalk.yellow(text),
    cyan: (text) => chalk.cyan(text),
  };
}
