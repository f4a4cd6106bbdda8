# Machines come up side by side, each in a `vagrant up` of its own. The plugin vagrant-libvirt makes what they share (the storage
# pool, the box's volume in it, the networks) under a lock, but one that other processes do not see: two of them would make
# the same thing, and one would fail. With this file they take turns, by a lock on a file.
require "tmpdir"

module K8slab
  # Stands in for a Mutex: also processes wait for each other.
  class TurnsOfTheHost
    def synchronize
      File.open(File.join(Dir.tmpdir, "k8slab-libvirt-#{Process.uid}.lock"), File::RDWR | File::CREAT, 0o600) do |file|
        file.flock(File::LOCK_EX)
        yield
      end
    end
  end

  # The last machine of a network removes it; two that go at the same time must not both be the last.
  module RemovesNetworksInTurn
    def call(env)
      TurnsOfTheHost.new.synchronize { super }
    end
  end
end

# Without the plugin there is nothing to mend; Vagrant itself says that it is missing.
if defined?(VagrantPlugins::ProviderLibvirt::Action)
  actions = VagrantPlugins::ProviderLibvirt::Action
  [actions::HandleStoragePool, actions::HandleBoxImage, actions::CreateNetworks].each do |action|
    action.class_variable_set(:@@lock, K8slab::TurnsOfTheHost.new) if action.class_variable_defined?(:@@lock)
  end
  actions::DestroyNetworks.prepend(K8slab::RemovesNetworksInTurn)
end
