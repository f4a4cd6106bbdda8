import type { ErrorCode } from '../../../src/errors/catalogue/index.js';

const connecting = (why: string, uri = 'qemu:///system'): string =>
  `Error while connecting to Libvirt: Error making a connection to libvirt URI ${uri}:\nCall to virConnectOpen failed: ${why}`;
const network = (why: string): string =>
  `Error while activating network: Call to virNetworkCreate failed: ${why}.`;
const creating = (why: string): string =>
  `Error while creating domain: Error saving the server: Call to virDomainDefineXML failed: ${why}`;
const starting = (why: string): string =>
  `There was an error talking to Libvirt. The error message is shown\nbelow:\n\nCall to virDomainCreateWithFlags failed: ${why}`;

/** Texts as vagrant-libvirt and virsh really printed them, and what they mean. */
export const capturedLibvirt: [string, ErrorCode, string, string?][] = [
  [
    'subuk/vmango#40',
    'VAGRANT_LIBVIRT_PERMISSION',
    connecting("Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied"),
  ],
  [
    'virsh without polkit',
    'VAGRANT_LIBVIRT_PERMISSION',
    "error: failed to connect to the hypervisor\nerror: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
  ],
  [
    'ains/aircast#14',
    'VAGRANT_LIBVIRT_DOWN',
    connecting(
      "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
      'qemu:///system?no_verify=1&keyfile=/home/ilan/.ssh/id_rsa',
    ),
    '/var/run/libvirt/libvirt-sock',
  ],
  [
    'libvirtd stopped',
    'VAGRANT_LIBVIRT_DOWN',
    connecting("Failed to connect socket to '/var/run/libvirt/libvirt-sock': Connection refused"),
  ],
  [
    'a server nobody knows',
    'VAGRANT_LIBVIRT_SERVER',
    connecting(
      'Cannot recv data: ssh: Could not resolve hostname server: Name or service not known: Connection reset by peer',
      'qemu+ssh://user@server/system',
    ),
  ],
  [
    'a server that does not know us',
    'VAGRANT_LIBVIRT_SERVER',
    connecting(
      'Cannot recv data: Permission denied, please try again.\nuser@server: Permission denied (publickey,password).: Connection reset by peer',
      'qemu+ssh://user@server/system',
    ),
    'Permission denied',
  ],
  [
    'a server not seen before',
    'VAGRANT_LIBVIRT_SERVER',
    connecting('End of file while reading data: Host key verification failed.: Input/output error'),
    'Host key verification failed',
  ],
  [
    'vagrant-libvirt#1466',
    'VAGRANT_KVM_MISSING',
    creating('invalid argument: could not get preferred machine for /usr/bin/qemu-system-x86_64 type=kvm'),
  ],
  [
    'vagrant-libvirt#1208',
    'VAGRANT_KVM_MISSING',
    creating('invalid argument: could not find capabilities for domaintype=kvm'),
  ],
  [
    'QEMU without KVM',
    'VAGRANT_KVM_MISSING',
    starting(
      'internal error: process exited while connecting to monitor: Could not access KVM kernel module: No such file or directory\nqemu-system-x86_64: failed to initialize kvm: No such file or directory',
    ),
  ],
  [
    'virsh domcapabilities',
    'VAGRANT_KVM_MISSING',
    "error: failed to get emulator capabilities\nerror: invalid argument: KVM is not supported by '/usr/bin/qemu-system-x86_64' on this host",
  ],
  [
    'vagrant-libvirt#617',
    'VAGRANT_LIBVIRT_NETWORK',
    network('internal error: Network is already in use by interface vboxnet0'),
    'vboxnet0',
  ],
  [
    'vagrant-libvirt#670',
    'VAGRANT_LIBVIRT_NETWORK',
    network('error creating bridge interface virbr0: File exists'),
    'virbr0',
  ],
  [
    'two processes at once',
    'VAGRANT_LIBVIRT_NETWORK',
    "Error occurred while creating new network: Call to virNetworkDefineXML failed: operation failed: network 'demo-57' already exists with uuid 22f494c7-b3f7-41af-8f8a-b20f7af11249.",
    'demo-57',
  ],
  [
    'a network of another name',
    'VAGRANT_LIBVIRT_NETWORK',
    'Address 192.168.57.10 does not match with network name demo-57.\nPlease fix your configuration and run vagrant again.',
    'demo-57',
  ],
  [
    'a network with DHCP',
    'VAGRANT_LIBVIRT_NETWORK',
    'Network other exists but does not have dhcp disabled.\nPlease fix your configuration and run vagrant again.',
    'Network other',
  ],
  [
    'no dnsmasq',
    'VAGRANT_LIBVIRT_NETWORK',
    network('Cannot check dnsmasq binary /usr/sbin/dnsmasq: No such file or directory'),
    'dnsmasq',
  ],
  [
    'pool of another name',
    'VAGRANT_LIBVIRT_POOL',
    'No usable storage pool found! Please check if storage pool is\ncreated and available.',
  ],
  [
    'vagrant-libvirt#184',
    'VAGRANT_LIBVIRT_POOL',
    "There was error while creating libvirt storage pool: Call to virStoragePoolCreateXML failed: operation failed: Storage source conflict with pool: 'virtimages'",
    'virtimages',
  ],
  [
    'full disk',
    'VAGRANT_DISK_FULL',
    'Error while uploading image to storage pool: Call to virStreamSend failed: cannot write to stream: No space left on device',
  ],
  [
    'vagrant-libvirt#1026',
    'VAGRANT_LIBVIRT_IMAGE',
    "Error while creating a storage pool volume: Call to virStorageVolCreateXML failed: cannot set mode of '/var/lib/libvirt/images/box.img' to 0644: Operation not permitted",
    'cannot set mode',
  ],
  [
    'volume removed by hand',
    'VAGRANT_LIBVIRT_IMAGE',
    'Volume for box image is missing in storage pools. Try to run vagrant\nagain, or check if storage volume is accessible.',
  ],
  [
    'vagrant-libvirt#1073',
    'VAGRANT_NAME_TAKEN',
    'Name `fedora_default` of domain about to create is already taken. Please try to run\n`vagrant up` command again.',
    'fedora_default',
  ],
  [
    'adrahon/vagrant-kvm#5',
    'VAGRANT_NAME_TAKEN',
    creating(
      "operation failed: domain 'precise32' already exists with uuid f45d5df7-27d0-c8a6-f13d-4ccf84c16de6",
    ),
    'precise32',
  ],
  [
    'vagrant-libvirt#561',
    'VAGRANT_NAME_TAKEN',
    "Volume for domain is already created. Please run 'vagrant destroy' first.",
  ],
  [
    'too large a machine',
    'VAGRANT_MEMORY',
    starting(
      "internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory",
    ),
  ],
  [
    'vagrant-libvirt#60',
    'VAGRANT_LIBVIRT_FAILED',
    starting("internal error Network 'network-test0' is not active."),
    'network-test0',
  ],
  [
    'an answer nobody knows',
    'VAGRANT_LIBVIRT_FAILED',
    connecting('internal error: something new'),
    'something new',
  ],
];
