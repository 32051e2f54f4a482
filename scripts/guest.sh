# Sourced by ./verify: fetches what the tests boot a guest with. POSIX sh; needs setup.sh.

# A Debian kernel with its modules and a static busybox, as files of their packages: nothing is installed.
transfuse_fetch_guest() {
  guest=${XDG_CACHE_HOME:-$HOME/.cache}/transfuse/guest
  [ ! -e "$guest/vmlinuz" ] || return 0
  say "fetching a kernel for the tests in a guest ..."
  rm -rf "$guest.new"
  mkdir -p "$guest.new/packages"
  # The user _apt is not to be bothered with a directory that it cannot write to.
  if ! (cd "$guest.new/packages" \
      && kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -1) \
      && [ -n "$kernel" ] \
      && apt-get -o APT::Sandbox::User=root download "$kernel" busybox-static \
      && for package in *.deb; do dpkg -x "$package" .. || exit 1; done) >"${TMPDIR:-/tmp}/transfuse-setup.log" 2>&1; then
    say "no kernel could be fetched, see ${TMPDIR:-/tmp}/transfuse-setup.log; the tests in a guest are left out"
    return 0
  fi
  mv "$guest.new"/boot/vmlinuz-* "$guest.new/vmlinuz"
  mv "$guest.new"/bin/busybox "$guest.new/busybox" 2>/dev/null || mv "$guest.new"/usr/bin/busybox "$guest.new/busybox"
  find "$guest.new" -path '*/lib/modules/*' -name 'modules.*' -delete
  mv "$(find "$guest.new" -path '*lib/modules' -type d | head -1)" "$guest.new/modules"
  rm -rf "$guest.new/packages" "$guest.new/boot" "$guest.new/lib" "$guest.new/usr" "$guest.new/bin" "$guest.new/etc"
  rm -rf "$guest"
  mv "$guest.new" "$guest"
}
