import type { CatalogueEntry } from './entry.js';

/** Failures of VirtualBox itself while a machine starts or is changed, recognised by their texts. */
export const vagrantVirtualBoxEntries = {
  VAGRANT_MACHINE_CRASHED: {
    title: 'The machine crashed while it started',
    exit: 3,
    meaning:
      'VirtualBox started the machine, and its process died or stopped (“guru meditation”) before anybody could log in.',
    why: 'Another hypervisor is active (Hyper-V, KVM), this host is itself a virtual machine or out of memory, or VirtualBox’s driver does not fit.',
    fix: [
      'k8slab halt && k8slab up   # ends what is left of the machine, and tries again',
      'Linux: end other virtual machines, then: sudo modprobe -r kvm_intel kvm_amd',
      'Windows: switch Hyper-V off, as administrator: bcdedit /set hypervisorlaunchtype off; then restart.',
      'macOS: update VirtualBox; on Apple silicon it needs 7.1 or later and a box for arm64.',
    ],
    see: ['The machine’s log: “VirtualBox VMs/<lab>-…/Logs/VBox.log” in the home folder'],
    source: 'https://github.com/hashicorp/vagrant/issues/13170',
  },
  VAGRANT_MACHINE_IN_USE: {
    title: 'VirtualBox is busy with the machine',
    exit: 3,
    meaning: 'VirtualBox lets one program at a time change a machine, and another one holds it.',
    why: 'It crashed and is not ended yet, its settings are open in VirtualBox’s window, or a killed run still works on it.',
    fix: [
      'Close VirtualBox’s window, then: k8slab halt && k8slab up',
      'Linux and macOS: if that does not help, end the VBoxHeadless process of the machine.',
      'Windows: if that does not help, end VBoxHeadless.exe in the Task Manager, or restart.',
    ],
    see: ['VBoxManage list runningvms'],
    source: 'https://github.com/hashicorp/packer/issues/12008',
  },
  VAGRANT_VBOX_HANGS: {
    title: 'VirtualBox does not answer',
    exit: 3,
    meaning:
      'VBoxManage was asked a question that takes a moment, and said nothing. Vagrant would wait for it for ever.',
    why: 'VBoxSVC, the server behind every program of VirtualBox, hangs: after an update, after the computer slept, or because one machine’s files cannot be read.',
    fix: [
      'Linux: close VirtualBox’s window, shut its other machines down, then: pkill -x VBoxSVC; k8slab up',
      'macOS: close VirtualBox’s window, shut its other machines down, then: pkill -x VBoxSVC; k8slab up',
      'Windows: close VirtualBox’s window, end VBoxSVC.exe (“VirtualBox Interface”) in the Task Manager, then: k8slab up',
      'If that does not help, restart the computer; if it comes again, install VirtualBox anew.',
    ],
    see: ['VBoxManage list hostonlyifs'],
    source: 'https://github.com/hashicorp/vagrant/issues/12960',
  },
  VAGRANT_HOST_ONLY_MASK: {
    title: 'VirtualBox has the lab’s range with another mask',
    exit: 3,
    meaning:
      'One of VirtualBox’s host-only interfaces has a part of the lab’s range, or a larger one around it, so nothing was booted.',
    why: 'Another lab or program made it, or somebody changed it. Vagrant would take it, or make a second one beside it; either way this host would not reach every machine.',
    fix: [
      'If nothing else uses it: VBoxManage hostonlyif ipconfig NAME --ip ADDRESS --netmask 255.255.255.0',
      'Or remove it: VBoxManage hostonlyif remove NAME; k8slab up makes one anew',
      'Else give the lab another range: networking.hostOnlySubnet',
      'Windows: VBoxManage is in C:\\Program Files\\Oracle\\VirtualBox, and asks for an administrator’s consent.',
    ],
    see: ['VBoxManage list hostonlyifs'],
    source: 'https://github.com/hashicorp/vagrant/blob/main/plugins/providers/virtualbox/action/network.rb',
  },
  VAGRANT_HOST_ONLY_ADDRESS: {
    title: 'This host has another address in the lab’s range',
    exit: 3,
    meaning:
      'One of VirtualBox’s host-only interfaces has the lab’s range, but its own address in it is not the .1 that the lab gives to this host, so nothing was booted.',
    why: 'Another program made it, or somebody changed it. Vagrant would take it as it is; machines then look for this host, and for a bundle that it serves, where it is not, and its address may be that of a machine.',
    fix: [
      'If nothing else uses it: VBoxManage hostonlyif ipconfig NAME --ip ADDRESS --netmask 255.255.255.0',
      'Or remove it: VBoxManage hostonlyif remove NAME; k8slab up makes one anew',
      'Else give the lab another range: networking.hostOnlySubnet',
      'Windows: VBoxManage is in C:\\Program Files\\Oracle\\VirtualBox, and asks for an administrator’s consent.',
    ],
    see: ['VBoxManage list hostonlyifs'],
    source: 'https://github.com/hashicorp/vagrant/blob/main/plugins/providers/virtualbox/action/network.rb',
  },
  VAGRANT_HOST_ONLY_GONE: {
    title: 'The lab’s host-only network is gone',
    exit: 3,
    meaning:
      'The machine is to be plugged into a host-only interface that VirtualBox does not have any more.',
    why: 'It was removed in VirtualBox, or another `vagrant destroy` cleaned up while this one started.',
    fix: ['k8slab up   # makes it again'],
    see: ['VBoxManage list hostonlyifs'],
    source: 'https://github.com/hashicorp/vagrant/issues/10294',
  },
} satisfies Record<string, CatalogueEntry>;
