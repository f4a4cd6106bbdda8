# Loads a Vagrantfile with a recorder in place of Vagrant, which runs every block at once, and prints as JSON the methods
# that its own lines called.
require "json"

class Recorder < BasicObject
  def method_missing(_name, *_arguments, **_options)
    inner = ::Recorder.new
    yield inner if ::Kernel.block_given?
    inner
  end

  def respond_to_missing?(*)
    true
  end
end

module Vagrant
  def self.configure(_version)
    yield Recorder.new
  end
end

file = File.realpath(ARGV.fetch(0))
calls = {}
trace = TracePoint.new(:call, :c_call) do |point|
  from = point.event == :c_call ? point.path : caller_locations(2, 1)&.first&.path
  calls["#{point.defined_class}##{point.method_id}"] = true if from == file
end
trace.enable { load file }
print JSON.generate(calls.keys.sort)
