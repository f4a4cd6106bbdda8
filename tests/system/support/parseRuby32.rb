# Parses the files of its arguments with the grammar of Ruby 3.2 and prints what is wrong with them, a line each.
require 'parser/ruby32'

ARGV.each do |file|
  parser = Parser::Ruby32.new
  parser.diagnostics.consumer = ->(diagnostic) { puts diagnostic.render }
  begin
    parser.parse(Parser::Source::Buffer.new(file).read)
  rescue Parser::SyntaxError
    # The consumer has printed it.
  end
end
