import type { CatalogueEntry } from './entry.js';

/** Failures of the libvirt provider that are recognised by their texts. */
export const vagrantLibvirtEntries = {
  VAGRANT_LIBVIRT_DOWN: {
    title: 'libvirt does not run',
    exit: 3,
    meaning: 'The service that looks after the machines does not listen on its socket.',
    why: 'It is not installed or not started: on this host, or on the server that `uri` names.',
    fix: [
      'sudo systemctl enable --now libvirtd.socket',
      'Where libvirt is split up (Fedora): sudo systemctl enable --now virtqemud.socket virtnetworkd.socket virtstoraged.socket',
      'Without systemd: sudo libvirtd --daemon && sudo virtlogd --daemon',
    ],
    see: ['virsh --connect qemu:///system version'],
    source: 'https://github.com/tylert/packer-build/issues/18',
  },
  VAGRANT_LIBVIRT_PERMISSION: {
    title: 'libvirt does not let this user in',
    exit: 3,
    meaning: 'libvirt runs, and only root and the members of its group may use it.',
    why: 'The user is not in the group libvirt, or was added to it after logging in.',
    fix: [
      'sudo usermod --append --groups libvirt "$USER"   # then log in again',
      'On a server: the user that `uri` names, by whoever runs the server',
    ],
    see: ['id', 'virsh --connect qemu:///system version'],
    source: 'https://wiki.debian.org/KVM#Installation',
  },
  VAGRANT_LIBVIRT_SERVER: {
    title: 'The server with libvirt cannot be reached',
    exit: 3,
    meaning: 'ssh gives no connection to the host that `uri` names, so nothing is known about its machines.',
    why: 'Wrong name or user, a key the server does not know, a key with a passphrase and no agent, or a host key not seen before.',
    fix: [
      'ssh USER@SERVER true   # has to work without a question',
      'ssh-copy-id USER@SERVER, or start an ssh agent: eval "$(ssh-agent)" && ssh-add',
    ],
    see: ['virsh --connect qemu+ssh://USER@SERVER/system version'],
    source: 'https://libvirt.org/uri.html#ssh-transport',
  },
  VAGRANT_KVM_MISSING: {
    title: 'There is no KVM where the machines are to run',
    exit: 3,
    meaning: 'The machines are to use the processor’s virtualisation (driver kvm), and libvirt finds none.',
    why: 'VT-x or AMD-V is switched off in the firmware, the module kvm_intel or kvm_amd is not loaded, or the host is itself a virtual machine.',
    fix: [
      'Switch on VT-x (Intel) or SVM (AMD) in the firmware set-up and start the computer again.',
      'sudo modprobe kvm_intel || sudo modprobe kvm_amd',
      'Emulate, ten times slower: provider: {name: libvirt, driver: qemu}',
      'On Linux with root the lxc provider needs no virtualisation: k8slab create … --provider lxc',
    ],
    see: ['virt-host-validate qemu', 'ls -l /dev/kvm'],
    source: 'https://github.com/vagrant-libvirt/vagrant-libvirt/issues/1466',
  },
  VAGRANT_LIBVIRT_NETWORK: {
    title: 'libvirt could not make the lab’s network',
    exit: 3,
    meaning: 'A network of the lab could not be defined or started, so no machine was.',
    why: 'An interface or another network of libvirt’s has the range or the bridge’s name, dnsmasq is missing, or firewall rules could not be set.',
    fix: [
      'Another lab or network has the range: give this one a free one, networking.hostOnlySubnet: auto, in a new folder',
      'If nothing else uses it: virsh net-destroy NAME; virsh net-undefine NAME; k8slab up',
      'A bridge left over: sudo ip link delete virbrN; k8slab up',
    ],
    see: ['virsh --connect qemu:///system net-list --all', 'ip -4 address'],
    source: 'https://github.com/vagrant-libvirt/vagrant-libvirt/issues/670',
  },
  VAGRANT_LIBVIRT_POOL: {
    title: 'libvirt has no storage pool for the machines’ disks',
    exit: 3,
    meaning:
      'The disks of machines lie in a storage pool of libvirt’s, and the one wanted is not there, or cannot be made.',
    why: 'No pool has the name that `pool` says (default: `default`), it is not started, or another pool has its folder.',
    fix: [
      'virsh --connect qemu:///system pool-list --all   # then say which: provider: {name: libvirt, pool: NAME}',
      'virsh --connect qemu:///system pool-start default',
    ],
    source: 'https://github.com/vagrant-libvirt/vagrant-libvirt/issues/184',
  },
  VAGRANT_LIBVIRT_IMAGE: {
    title: 'The box’s disk could not be put into libvirt’s storage pool',
    exit: 3,
    meaning:
      'The first machine of a box copies the box’s disk into the pool; that failed, so there is nothing to boot from.',
    why: 'The pool’s disk is full, its folder is not accessible, the connection to a server broke, or a killed run left half a copy.',
    fix: [
      'k8slab up   # once more: a half copy is removed',
      'virsh --connect qemu:///system vol-list default; virsh --connect qemu:///system vol-delete NAME default',
    ],
    see: ['virsh --connect qemu:///system pool-info default'],
    source: 'https://github.com/vagrant-libvirt/vagrant-libvirt/issues/1026',
  },
  VAGRANT_LIBVIRT_FAILED: {
    title: 'libvirt could not create or start the machine',
    exit: 3,
    meaning: 'libvirt refused the machine, or QEMU ended as soon as it was started; its words are below.',
    why: 'Most often memory, a processor model the host does not have, or permissions of the disk.',
    fix: ['Read the lines below.', 'k8slab destroy && k8slab up'],
    see: ['virsh --connect qemu:///system list --all', 'sudo tail /var/log/libvirt/qemu/*.log'],
  },
} satisfies Record<string, CatalogueEntry>;
