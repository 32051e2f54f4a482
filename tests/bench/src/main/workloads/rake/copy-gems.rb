# Copies the gems that the Gemfile of the current directory leads to, from where Debian has them to a directory of gems as
# RubyGems makes it: gems/NAME-VERSION each, specifications, extensions. What belongs to Ruby itself stays where it is.
require 'bundler'
require 'fileutils'

target = File.expand_path(ARGV.fetch(0))
Bundler.load.specs.each do |spec|
  next if spec.name == 'bundler' || spec.default_gem?
  gem_directory = File.join(target, 'gems', spec.full_name)
  FileUtils.mkdir_p(gem_directory)
  if File.directory?(spec.full_gem_path)
    FileUtils.cp_r(File.join(spec.full_gem_path, '.'), gem_directory)
    if File.directory?(spec.extension_dir)
      to = File.join(target, 'extensions', Gem::Platform.local.to_s, Gem.extension_api_version)
      FileUtils.mkdir_p(to)
      FileUtils.cp_r(spec.extension_dir, to)
    end
  else
    # Debian has the files of some gems in one directory for all. The package's list says whose is what.
    package = IO.popen(['dpkg', '-S', spec.loaded_from], &:read)[/\A[^:]+/]
    IO.popen(['dpkg', '-L', package], &:read).each_line(chomp: true) do |file|
      next unless File.file?(file) && file =~ %r{/vendor_ruby/(?:\d+\.\d+\.\d+/)?(.+)\z}
      to = File.join(gem_directory, 'lib', Regexp.last_match(1))
      FileUtils.mkdir_p(File.dirname(to))
      FileUtils.cp(file, to)
    end
  end
  FileUtils.mkdir_p(File.join(target, 'specifications'))
  FileUtils.cp(spec.loaded_from, File.join(target, 'specifications', "#{spec.full_name}.gemspec"))
end
