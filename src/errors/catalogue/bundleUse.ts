import type { CatalogueEntry } from './entry.js';

/** What goes wrong when a lab takes its downloads from a bundle, or a bundle is offered to others. */
export const bundleUseEntries = {
  BUNDLE_LISTEN: {
    title: 'A bundle cannot be served',
    exit: 3,
    meaning:
      'Machines fetch from the bundle over HTTP, at an address and a port of this host that were planned, and no server can be started there.',
    why: 'Another program (another `bundle serve`, say) listens on that port, or the address does not exist on this host.',
    fix: [
      'End the program that has the port: sudo ss --listening --tcp --processes',
      'k8slab bundle serve PATH --listen 0.0.0.0:8581   # and: k8slab create LAB --bundle http://ADDRESS:8581',
    ],
    see: ['ss --listening --tcp --numeric', 'ip -4 address'],
  },
  BUNDLE_DAMAGED: {
    title: 'A bundle is not whole',
    exit: 2,
    meaning: 'bundle.json names an image or a file that is not there, or not as it should be.',
    why: 'The folder was copied only in part, or something in it was changed.',
    fix: [
      'k8slab bundle verify PATH   # names every file that is wrong',
      'Copy the folder again, or make it anew: k8slab bundle create --out DIR',
    ],
  },
  BUNDLE_UNREACHABLE: {
    title: 'The bundle cannot be reached',
    exit: 3,
    meaning:
      'The lab takes its downloads from a bundle at a URL, and nothing answers there as a bundle would.',
    why: 'The computer that serves it is off, in another network, or the URL is that of something else.',
    fix: [
      'On the computer that has the bundle: k8slab bundle serve PATH',
      'k8slab create LAB --bundle URL   # the URL that it prints',
    ],
    see: ['curl URL/bundle.json'],
  },
  PLAN_BUNDLE_LACKS: {
    title: 'The bundle does not hold what the lab needs',
    exit: 2,
    meaning: 'Machines of this lab fetch everything from its bundle, and something they need is not in it.',
    why: 'The lab asks for another version than the bundle has, or the bundle was made for other labs.',
    fix: [
      'Leave versions out of lab.yaml: the bundle’s are taken.',
      'k8slab bundle create --out DIR   # a bundle that holds it',
      'k8slab create LAB --bundle none   # from the internet instead',
    ],
    see: ['k8slab bundle list PATH'],
  },
  PLAN_BUNDLE_PLATFORM: {
    title: 'The bundle is for other processors',
    exit: 2,
    meaning: 'A bundle holds programs and images for one kind of processor, and this host has another one.',
    why: 'It was made on another kind of computer.',
    fix: ['Make a bundle on a host like this one: k8slab bundle create --out DIR'],
    see: ['uname --machine'],
  },
  PLAN_HOST_LIMIT: {
    title: 'This host cannot do what the lab asks for',
    exit: 2,
    meaning: 'The lab insists on an option that the kernel of this host lacks the means for.',
    why: 'System containers share the kernel of the host. Without the line k8slab chooses what works here.',
    fix: ['Remove the option from lab.yaml.', 'Use a provider whose machines have a kernel of their own.'],
    see: ['k8slab plan LAB'],
  },
} satisfies Record<string, CatalogueEntry>;
