import { K8slabError } from '../../../../src/errors/error.js';
import { writeLab } from '../../../../src/write/writeLab.js';

/** Writes a lab with one large file, as an ordinary user if told so, and prints the code of the error. */
const [, , folder = '', as] = process.argv;
const nobody = 65534;
if (as === 'nobody' && process.getuid?.() === 0) process.seteuid?.(nobody);
try {
  await writeLab(
    folder,
    new Map([
      ['Vagrantfile', { content: 'new\n', mode: 0o644 }],
      ['large.txt', { content: 'x'.repeat(4 * 1024 * 1024), mode: 0o644 }],
    ]),
  );
  console.log('written');
} catch (error) {
  console.log(error instanceof K8slabError ? error.code : error);
}
