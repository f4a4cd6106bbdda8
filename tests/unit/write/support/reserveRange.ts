import { reserve } from '../../../../src/write/labsRegistry.js';

/** Registers a lab with the first range nobody holds, and prints it. */
const [, , stateDir, folder = ''] = process.argv;
const entry = await reserve(
  folder,
  (others) => {
    const taken = new Set(others.map((lab) => lab.hostOnlySubnet));
    let octet = 56;
    while (taken.has(`192.168.${octet}.0/24`)) octet += 1;
    return { name: 'lab', hostOnlySubnet: `192.168.${octet}.0/24` };
  },
  stateDir,
);
console.log(entry.hostOnlySubnet);
