import { K8slabError } from '../../../../src/errors/error.js';
import { writeLab } from '../../../../src/write/writeLab.js';

/** Writes a lab with one large file and prints the code of the error. */
try {
  await writeLab(
    process.argv[2] ?? '',
    new Map([
      ['Vagrantfile', { content: 'new\n', mode: 0o644 }],
      ['large.txt', { content: 'x'.repeat(4 * 1024 * 1024), mode: 0o644 }],
    ]),
  );
  console.log('written');
} catch (error) {
  console.log(error instanceof K8slabError ? error.code : error);
}
