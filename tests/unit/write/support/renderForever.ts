import { writeLab } from '../../../../src/write/writeLab.js';
import { version } from './versions.js';

/** Writes version after version of a lab into a folder until it is killed. */
const folder = process.argv[2] ?? '';
console.log('started');
for (let number = Number(process.argv[3]); ; number += 1) await writeLab(folder, version(number));
