# Three things Vagrant's lxc plugin (vagrant-lxc 1.4) needs help with. The Vagrantfile loads this file.

require "shellwords"

# 1. It calls File.exists? and Dir.exists?, which Ruby 3.2 removed in favour of exist?.
[File, Dir].each do |type|
  type.define_singleton_method(:exists?) { |path| exist?(path) } unless type.respond_to?(:exists?)
end

# 2. A `vagrant up` that is killed while it creates a machine leaves a container Vagrant has no note of, and the
#    next `vagrant up` refuses to create it. The names are unique to the lab and the machine, so a
#    container of that name is that machine: one that ever ran is taken as it is, any other is made anew.
module TakeOverContainer
  def create(name, *)
    @cli.name = @container_name = name
    # The lxc-create of the killed `vagrant up` may still be at work.
    sleep 0.2 while system("pgrep", "-f", "lxc-create .*--name #{Regexp.escape(name)} ", out: File::NULL)
    if all_containers.include?(name)
      return if config_string.include?("VAGRANT-BEGIN")

      begin
        destroy
      rescue Vagrant::LXC::Errors::ExecuteError
        # lxc removes half-made containers by itself, and then knows none to destroy.
      end
    end
    super
  end
end

# 3. Its `vagrant halt --force` asks the machine to shut down. As with other providers, it is to pull the plug:
#    nothing on the machine gets the time to say goodbye. Where the rules of `vagrant lxc sudoers` forbid --kill, it asks.
module PullThePlug
  def stop
    run :stop, "--name", @name, "--kill"
  rescue Vagrant::LXC::Errors::ExecuteError => e
    super unless e.exitcode == 2 # it did not run
  end
end

begin
  require "vagrant-lxc/driver"
  require "vagrant-lxc/driver/cli"
  Vagrant::LXC::Driver.prepend(TakeOverContainer)
  Vagrant::LXC::Driver::CLI.prepend(PullThePlug)
rescue LoadError
  # The plugin is not installed; Vagrant says so itself, and better.
end
