import { describe, expect, test } from '@jest/globals';
import { catalogue, type ErrorCode } from '../../../src/errors/catalogue/index.js';
import { explainFailure, recognise } from '../../../src/vagrant/explainFailure.js';
import { knownFailures } from '../../../src/vagrant/knownFailures.js';
import { capturedLibvirt } from './capturedLibvirt.js';

const frame = (command: string, stderr: string): string =>
  `There was an error while executing \`VBoxManage\`, a CLI used by Vagrant\nfor controlling VirtualBox. The command and stderr is shown below.\n\nCommand: ${command}\n\nStderr: ${stderr}\n`;
const startvm = '["startvm", "cecaf864-39f6-4dac-b441-00b66571bb69", "--type", "headless"]';
const hostonly = '["hostonlyif", "create"]';

/** Texts as Vagrant, VirtualBox, lxc and ssh really printed them, and what they mean. */
const captured: [string, ErrorCode, string, string?][] = [
  ...capturedLibvirt,
  [
    'hashicorp/vagrant#9753',
    'VAGRANT_VIRTUALIZATION_OFF',
    frame(
      startvm,
      'VBoxManage.exe: error: VT-x is not available (VERR_VMX_NO_VMX)\nVBoxManage.exe: error: Details: code E_FAIL (0x80004005), component ConsoleWrap, interface IConsole',
    ),
  ],
  [
    'hashicorp/vagrant#12484',
    'VAGRANT_VIRTUALIZATION_OFF',
    frame(
      startvm,
      'VBoxManage.exe: error: Not in a hypervisor partition (HVP=0) (VERR_NEM_NOT_AVAILABLE).\nVBoxManage.exe: error: VT-x is not available (VERR_VMX_NO_VMX)',
    ),
  ],
  [
    'hashicorp/vagrant#12875',
    'VAGRANT_VIRTUALIZATION_OFF',
    frame(
      startvm,
      'VBoxManage.exe: error: Not in a hypervisor partition (HVP=0) (VERR_NEM_NOT_AVAILABLE).\nVBoxManage.exe: error: VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)',
    ),
  ],
  [
    'kubernetes/minikube#4913',
    'VAGRANT_KVM_IN_USE',
    frame(
      startvm,
      "VBoxManage: error: VT-x is being used by another hypervisor (VERR_VMX_IN_VMX_ROOT_MODE).\nVBoxManage: error: VirtualBox can't operate in VMX root mode. Please disable the KVM kernel extension, recompile your kernel and reboot (VERR_VMX_IN_VMX_ROOT_MODE)",
    ),
  ],
  [
    'VirtualBox/virtualbox#81',
    'VAGRANT_KVM_IN_USE',
    frame(
      startvm,
      "VBoxManage: error: VirtualBox can't enable the AMD-V extension. Please disable the KVM kernel extension, recompile your kernel and reboot (VERR_SVM_IN_USE).",
    ),
  ],
  [
    'Hyper-V',
    'VAGRANT_HYPERV_IN_USE',
    frame(
      startvm,
      'VBoxManage.exe: error: Call to WHvSetupPartition failed: ERROR_SUCCESS (Last=0xc000000d/87) (VERR_NEM_VM_CREATE_FAILED).',
    ),
  ],
  [
    'StackStorm/st2vagrant#4',
    'VAGRANT_MACHINE_CRASHED',
    "The guest machine entered an invalid state while waiting for it\nto boot. Valid states are 'starting, running'. The machine is in the\n'gurumeditation' state. Please verify everything is configured\nproperly and try again.",
    'gurumeditation',
  ],
  [
    'hashicorp/vagrant#10412',
    'VAGRANT_MACHINE_CRASHED',
    frame(
      startvm,
      "VBoxManage: error: The virtual machine 'lab-cp1-57' has terminated unexpectedly during startup with exit code 1 (0x1)\nVBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component MachineWrap, interface IMachine",
    ),
  ],
  [
    'hashicorp/packer#12008',
    'VAGRANT_MACHINE_IN_USE',
    frame(
      startvm,
      "VBoxManage: error: The machine 'lab-cp1-57' is already locked by a session (or being locked or unlocked)\nVBoxManage: error: Details: code VBOX_E_INVALID_OBJECT_STATE (0x80bb0007), component MachineWrap, interface IMachine, callee nsISupports",
    ),
    'lab-cp1-57',
  ],
  [
    'cilium/cilium#1117',
    'VAGRANT_MACHINE_IN_USE',
    frame(
      '["modifyvm", "932eb10f-9ebf-45e8-acf1-8b317c3f25a8", "--macaddress1", "08002771F4C0"]',
      "VBoxManage: error: The machine 'ubuntu-1610' is already locked for a session (or being unlocked)",
    ),
  ],
  [
    'VirtualBox 7.0, MachineImpl.cpp',
    'VAGRANT_MACHINE_IN_USE',
    frame(
      '["unregistervm", "932eb10f-9ebf-45e8-acf1-8b317c3f25a8", "--delete"]',
      "VBoxManage: error: Cannot unregister the machine 'lab-cp1-57' while it is locked",
    ),
  ],
  [
    'lanx-x/VRouter#73',
    'VAGRANT_HOST_ONLY_GONE',
    frame(
      startvm,
      "VBoxManage: error: Nonexistent host networking interface, name 'vboxnet0' (VERR_INTERNAL_ERROR)",
    ),
    'vboxnet0',
  ],
  [
    'rapid7/metasploitable3#429',
    'VAGRANT_HOST_ONLY_ADAPTER',
    frame(
      startvm,
      "VBoxManage.exe: error: Failed to open/create the internal network 'HostInterfaceNetworking-VirtualBox Host-Only Ethernet Adapter' (VERR_INTNET_FLT_IF_NOT_FOUND).\nVBoxManage.exe: error: Failed to attach the network LUN (VERR_INTNET_FLT_IF_NOT_FOUND)",
    ),
  ],
  [
    'rdbreak/rhcsa8env#62',
    'VAGRANT_VBOX_MODULE',
    "The provider 'virtualbox' that was requested to back the machine\n'server2' is reporting that it isn't usable on this system. The\nreason is shown below:\n\nVirtualBox is complaining that the kernel module is not loaded. Please\nrun `VBoxManage --version` or open the VirtualBox GUI to see the error\nmessage which should contain instructions on how to fix this error.\n",
  ],
  [
    'kubernetes/minikube#5291',
    'VAGRANT_VBOX_MODULE',
    'WARNING: The vboxdrv kernel module is not loaded. Either there is no module\n         available for the current kernel (5.0.0-27-generic) or it failed to\n         load.',
  ],
  [
    'kubernetes/minikube#4060',
    'VAGRANT_VBOX_MODULE',
    "modprobe: ERROR: could not insert 'vboxdrv': Required key not available",
  ],
  [
    'hashicorp/vagrant#2418',
    'VAGRANT_HOST_ONLY_ADAPTER',
    frame(
      hostonly,
      '0%...\nProgress state: NS_ERROR_FAILURE\nVBoxManage: error: Failed to create the host-only adapter\nVBoxManage: error: VBoxNetAdpCtl: Error while adding new interface: failed to open /dev/vboxnetctl: No such file or directory',
    ),
  ],
  [
    'hashicorp/vagrant#13130',
    'VAGRANT_HOST_ONLY_ADAPTER',
    frame(
      hostonly,
      "0%...\nProgress state: E_INVALIDARG\nVBoxManage.exe: error: Failed to create the host-only adapter\nVBoxManage.exe: error: Assertion failed: [!aInterfaceName.isEmpty()] at 'F:\\tinderbox\\HostNetworkInterfaceImpl.cpp' (76)",
    ),
  ],
  [
    'arturscheiner/kuberverse#7',
    'VAGRANT_HOST_ONLY_RANGE',
    'The IP address configured for the host-only network is not within the\nallowed ranges. Please update the address used to be within the allowed\nranges and run the command again.\n\n  Address: 10.8.8.50\n  Ranges: 192.168.56.0/21\n\nValid ranges can be modified in the /etc/vbox/networks.conf file.',
    '10.8.8.50',
  ],
  [
    'rdbreak/rhcsa8env#71',
    'VAGRANT_HOST_ONLY_RANGE',
    frame(
      '["hostonlyif", "ipconfig", "vboxnet0", "--ip", "192.168.55.1", "--netmask", "255.255.255.0"]',
      'VBoxManage: error: Code E_ACCESSDENIED (0x80070005) - Access denied (extended info not available)',
    ),
    '192.168.55.1',
  ],
  [
    'hashicorp/vagrant#6878',
    'VAGRANT_NAME_TAKEN',
    "A VirtualBox machine with the name 'oct22_vlad' already exists.\nPlease use another name or delete the machine with the existing\nname, and try again.",
    'oct22_vlad',
  ],
  [
    'VVV#918',
    'VAGRANT_NAME_TAKEN',
    "The name of your virtual machine couldn't be set because VirtualBox\nis reporting another VM with that name already exists.\n\nVirtualBox error:\n\nVBoxManage.exe: error: Could not rename the directory 'C:\\Users\\T\\VirtualBox VMs\\ubuntu_1465869727246_57247' to 'C:\\Users\\T\\VirtualBox VMs\\vvv' to save the settings file (VERR_ALREADY_EXISTS)",
    'VirtualBox VMs\\vvv',
  ],
  [
    'udacity/fullstack-nanodegree-vm#129',
    'VAGRANT_PORT_TAKEN',
    'Vagrant cannot forward the specified ports on this VM, since they\nwould collide with some other application that is already listening\non these ports. The forwarded port to 8080 is already in use\non the host machine.',
    '8080',
  ],
  [
    'Vagrant’s own text',
    'VAGRANT_NAME_TAKEN',
    "The name of your virtual machine couldn't be set because VirtualBox\nis reporting another VM with that name already exists. Most of the\ntime, this is because of an error with VirtualBox not cleaning up",
  ],
  [
    'curl, behind a firewall',
    'VAGRANT_NO_NETWORK',
    'An error occurred while downloading the remote file. The error\nmessage, if any, is reproduced below. Please fix this error and try\nagain.\n\nFailed to connect to vagrantcloud.com port 443 after 129 ms: Connection refused',
    'vagrantcloud.com',
  ],
  [
    'Vagrant’s own text',
    'VAGRANT_BOX_NOT_FOUND',
    "The box you're attempting to add has no available version that\nmatches the constraints you requested. Please double-check your\nsettings.",
  ],
  [
    'Vagrant’s own text',
    'VAGRANT_PROVIDER_MISSING',
    'Vagrant is missing plugins required by the currently loaded Vagrantfile.\nPlease install the configured plugins and run this command again.',
  ],
  [
    'hashicorp/vagrant#11595',
    'VAGRANT_BOOT_TIMEOUT',
    'Timed out while waiting for the machine to boot. This means that\nVagrant was unable to communicate with the guest machine within\nthe configured ("config.vm.boot_timeout" value) time period.',
  ],
  [
    'hashicorp/vagrant#1778',
    'VAGRANT_DISK_FULL',
    "Progress state: VBOX_E_FILE_ERROR\nVBoxManage: error: Appliance import failed\nVBoxManage: error: VMDK: cannot write allocated data block in '/home/x.vmdk' (VERR_DISK_FULL)",
  ],
  [
    'Orange-Cyberdefense/GOAD#274',
    'VAGRANT_MEMORY',
    frame(
      startvm,
      'VBoxManage: error: Out of memory condition when allocating memory with low physical backing. (VERR_NO_LOW_MEMORY)',
    ),
  ],
  [
    'Vagrant 2.3.4',
    'VAGRANT_NO_NETWORK',
    "The box 'nosuch/box' could not be found or\ncould not be accessed in the remote catalog. If this is a private\nbox, please verify you're logged in.\n\nURL: [\"https://vagrantcloud.com/nosuch/box\"]\nError: Could not resolve host: vagrantcloud.com",
    'vagrantcloud.com',
  ],
  [
    'p4lang/tutorials#332',
    'VAGRANT_BOX_NOT_FOUND',
    "The box 'bento/ubuntu-99.04' could not be found or\ncould not be accessed in the remote catalog. If this is a private\nbox\nError: The requested URL returned error: 404 Not Found",
    'bento/ubuntu-99.04',
  ],
  [
    'Vagrant 2.4.9',
    'VAGRANT_BOX_NOT_FOUND',
    "The box 'bento/ubuntu-99.04' could not be found or could not be accessed in the remote catalog. \nIf this is a private box",
  ],
  [
    'hashicorp/vagrant#10236',
    'VAGRANT_BOX_NOT_FOUND',
    'An error occurred while downloading the remote file. The error\nmessage, if any, is reproduced below. Please fix this error and try\nagain.\n\nThe requested URL returned error: 404 Not Found',
    '404',
  ],
  [
    'Vagrant 2.3.4 here',
    'VAGRANT_BOX_NOT_FOUND',
    "An error occurred while downloading the remote file. The error\nmessage, if any, is reproduced below. Please fix this error and try\nagain.\n\nCouldn't open file /home/me/x",
    "Couldn't open file /home/me/x",
  ],
  [
    'hashicorp/vagrant#13571',
    'VAGRANT_BOX_DAMAGED',
    'The metadata for the box was malformed. The exact error\nis shown below.',
  ],
  [
    'box checksum',
    'VAGRANT_BOX_DAMAGED',
    'The checksum of the downloaded box did not match the expected\nvalue. Please verify that you have the proper URL setup',
  ],
  [
    'machine lock',
    'VAGRANT_LOCKED',
    "An action 'up' was attempted on the machine 'cp1',\nbut another process is already executing an action on the machine.",
  ],
  [
    'host lock',
    'VAGRANT_LOCKED',
    "Vagrant attempted to acquire a lock named 'fpcollision', but this\nlock is being held by another instance of Vagrant already.",
    'fpcollision',
  ],
  [
    'Vagrant 2.3.4 here',
    'VAGRANT_PROVIDER_MISSING',
    "The provider 'virtualbox' that was requested to back the machine\n'cp1' is reporting that it isn't usable on this system. The\nreason is shown below:\n\nVagrant could not detect VirtualBox! Make sure VirtualBox is properly installed.",
    'VirtualBox is not installed',
  ],
  [
    'Vagrant 2.3.4 here',
    'VAGRANT_PROVIDER_MISSING',
    "The provider 'lxc' could not be found, but was requested to\nback the machine 'default'. Please use a provider that exists.",
    'lxc',
  ],
  [
    'VirtualBox too new',
    'VAGRANT_VBOX_TOO_NEW',
    "The provider 'virtualbox' that was requested to back the machine\n'a' is reporting that it isn't usable on this system. The\nreason is shown below:\n\nVagrant has detected that you have a version of VirtualBox installed\nthat is not supported by this version of Vagrant.",
  ],
  [
    'other user',
    'VAGRANT_OTHER_USER',
    "The VirtualBox VM was created with a user that doesn't match the\ncurrent user running Vagrant.",
  ],
  [
    'inaccessible',
    'VAGRANT_INACCESSIBLE',
    'Your VM has become "inaccessible." Unfortunately, this is a critical error',
  ],
  [
    'network collision',
    'VAGRANT_NETWORK_COLLISION',
    'The specified host network collides with a non-hostonly network!\nThis will cause your specified IP to be inaccessible.',
  ],
  [
    'Vagrant 2.3.4',
    'VAGRANT_VAGRANTFILE',
    "There are errors in the configuration of this machine. Please fix\nthe following errors and try again:\n\nvm:\n* The following settings shouldn't exist: box_architecture",
  ],
  [
    'Vagrant 2.3.4 here',
    'VAGRANT_NOT_RUNNING',
    'The provider for this Vagrant-managed machine is reporting that it\nis not yet ready for SSH. Depending on your provider this can carry\ndifferent meanings.',
  ],
  [
    'vagrant-lxc#497',
    'VAGRANT_LXC_FAILED',
    'There was an error executing ["sudo", "/usr/bin/env", "lxc-start", "-d", "--name", "demo-cp1-57"]\n\nFor more information on the failure, enable detailed logging by setting\nthe environment variable VAGRANT_LOG to DEBUG.',
    'lxc-start',
  ],
  [
    'vagrant-lxc name',
    'VAGRANT_NAME_TAKEN',
    "There is container on your system with the same name you've specified\non your Vagrantfile (demo-cp1-57), please choose a different one or\nrun `lxc-destroy --name demo-cp1-57` and try again.",
    'demo-cp1-57',
  ],
  [
    'lxc missing',
    'VAGRANT_LXC_MISSING',
    'The `lxc` package does not seem to be installed or `lxc-create` is not accessible on the PATH.',
  ],
  [
    'our own hook',
    'VAGRANT_LXC_NETWORK',
    'There was an error executing ["sudo", "/usr/bin/env", "lxc-start"]\nk8slab: this host already has an address of 192.168.57.1/24, on eth7; give the lab another network',
    '192.168.57.1/24, on eth7',
  ],
  [
    'lxc bridge',
    'VAGRANT_LXC_NETWORK',
    "lxc-start: failed to attach 'vethMVIV16' to the bridge 'lxcbr0': No such device",
    'lxcbr0',
  ],
  [
    'sudo',
    'VAGRANT_SUDO',
    'sudo: a terminal is required to read the password; either use the -S option to read from standard input',
  ],
  ['OpenSSH 9.2', 'VAGRANT_SSH_KEY', 'vagrant@127.0.0.1: Permission denied (publickey).'],
];

describe('failures that are known', () => {
  test.each(captured)('%s → %s', (_, code, text, part = '') => {
    const windows = text.replaceAll('\n', '\r\n');
    for (const output of [text, windows, `==> cp1: Booting VM...\n${text}\n`]) {
      const error = explainFailure(output, { words: 'vagrant up failed' });
      expect(error.code).toBe(code);
      expect(error.message).toContain(part);
      expect(error.message).not.toContain('$1');
      expect(error.fix.length).toBeGreaterThan(0);
    }
  });

  test('every one of them is shown by a text above', () => {
    const unproven = knownFailures.filter(
      ({ pattern }) => !captured.some(([, , text]) => pattern.test(text.replace(/\s+/g, ' '))),
    );
    expect(unproven.map(({ message }) => message)).toEqual([]);
  });

  test('an unknown failure keeps its own words and says where the whole output is', () => {
    const output = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
    const error = explainFailure(output, {
      words: '`vagrant up cp1` failed with exit status 1',
      log: '.k8slab/logs/cp1.log',
    });
    expect(error.code).toBe('VAGRANT_FAILED');
    expect(error.message).toBe(
      '`vagrant up cp1` failed with exit status 1. The whole output is in .k8slab/logs/cp1.log.',
    );
    expect(error.raw?.split('\n')).toHaveLength(15);
    expect(error.raw?.endsWith('line 99')).toBe(true);
  });

  test('what a machine is called cannot garble the sentence', () => {
    expect(recognise("A VirtualBox machine with the name '$1 $& $`' already exists.")?.message).toContain(
      '“$1 $& $`”',
    );
  });

  test('ordinary output is no failure', () => {
    expect(
      recognise(
        '==> cp1: Machine booted and ready!\n    cp1: Warning: Connection refused. Retrying...\n==> cp1: Fixed port collision for 22 => 2222. Now on port 2200.',
      ),
    ).toBeUndefined();
  });

  test('every code of this stage has a page that says what to do', () => {
    for (const [code, entry] of Object.entries(catalogue).filter(([name]) => name.startsWith('VAGRANT_'))) {
      expect([code, entry.fix.length > 0 && entry.meaning !== '' && entry.why !== '']).toEqual([code, true]);
    }
  });
});
