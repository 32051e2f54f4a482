# Sourced by ./transfuse and ./verify: what they need to build and run. POSIX sh.

say() { printf 'transfuse: %s\n' "$*" >&2; }

# The java to use: JAVA_HOME's, or the one on the PATH.
transfuse_java() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    printf '%s' "$JAVA_HOME/bin/java"
  else
    command -v java || true
  fi
}

# Its major version, 0 if there is none. Read from the file `release`, which is faster than starting it.
transfuse_java_major() {
  [ -n "$1" ] || { printf 0; return; }
  home=$(dirname "$(dirname "$(readlink -f "$1")")")
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null)
  printf '%s' "${version:-0}"
}

# Options without which a JDK warns, and those that suit short-lived and small processes. A command ($2) that only asks a
# daemon ends before the second compiler would pay.
transfuse_jvm_options() {
  case "${2:-}" in
    mount | umount | status | mount.transfuse | umount.transfuse) level=1 ;;
    *) level=4 ;;
  esac
  printf '%s' "-XX:+UseSerialGC -XX:TieredStopAtLevel=$level -Xshare:auto"
  if [ "$(transfuse_java_major "$1")" -ge 24 ]; then
    printf '%s' ' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow'
  fi
}

# Sets up a JDK of 17 or newer and Maven.
transfuse_setup() {
  missing=
  if [ "$(transfuse_java_major "$(transfuse_java)")" -lt 17 ] || ! command -v javac >/dev/null 2>&1; then
    missing="openjdk-17-jdk-headless"
  fi
  command -v mvn >/dev/null 2>&1 || missing="$missing maven"
  transfuse_install $missing
}

# Installs Debian packages as root; otherwise says how and ends.
transfuse_install() {
  [ $# -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    say "missing: $*. Install with: sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    exit 1
  fi
  say "installing $* ..."
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
      >"${TMPDIR:-/tmp}/transfuse-setup.log" 2>&1; then
    say "apt-get failed, see ${TMPDIR:-/tmp}/transfuse-setup.log"
    exit 1
  fi
}

# Whether the build is newer than every source.
transfuse_is_built() {
  [ -f "$1/cli/target/lib/.built" ] || return 1
  [ -z "$(find "$1/pom.xml" "$1"/*/pom.xml "$1"/*/src/main -newer "$1/cli/target/lib/.built" -print -quit)" ]
}

# Builds the program without its tests and checks; mvn prints its progress by module.
transfuse_build() {
  say "building (once; a few minutes if Maven has to fetch libraries) ..."
  if ! (cd "$1" && mvn -B -ntp -DskipTests -Dspotless.check.skip -DskipErrorProne -pl cli -am package \
      >"${TMPDIR:-/tmp}/transfuse-build.log" 2>&1 &
      build=$!
      while kill -0 "$build" 2>/dev/null; do
        sleep 2
        sed -n 's/^\[INFO\] Building \(transfuse-[a-z-]*\).*/\1/p' "${TMPDIR:-/tmp}/transfuse-build.log" | tail -1 \
          | { read -r module && printf '\rtransfuse: building %-30s' "$module" >&2 || true; }
      done
      printf '\n' >&2
      wait "$build"); then
    tail -n 30 "${TMPDIR:-/tmp}/transfuse-build.log" >&2
    say "the build failed, see ${TMPDIR:-/tmp}/transfuse-build.log"
    exit 1
  fi
  touch "$1/cli/target/lib/.built"
}
