#!/bin/bash
# usage: deb-prefix.sh SUITE DIR PACKAGE...
# Unpacks Debian packages with the libraries of their own suite, libc included, into DIR and points every program at them.
# Nothing is installed on the host, no maintainer script runs, root is not needed. The result works only where it was made.
# DEBIAN_MIRROR names the mirror; else the one of the host's own apt is used.
set -euo pipefail
suite=$1 dir=$(mkdir -p "$2" && cd "$2" && pwd)
shift 2

mirror=${DEBIAN_MIRROR:-}
if [[ -z $mirror ]] && grep -qs '^ID=debian' /etc/os-release; then
  for list in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
    [[ -z $mirror && -e $list ]] || continue
    mirror=$(awk '/^URIs:/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) {print $i; exit}}' "$list")
  done
fi
if [[ -z $mirror ]]; then
  echo "deb-prefix: no Debian mirror is known here: set DEBIAN_MIRROR to the address of one" >&2
  exit 1
fi
key=/usr/share/keyrings/debian-archive-keyring.gpg
if [[ ! -e $key ]]; then
  echo "deb-prefix: $key is missing: install the package debian-archive-keyring" >&2
  exit 1
fi

# A package manager of its own, which believes that nothing is installed.
apt=$dir/.apt
mkdir -p "$apt"/{lists/partial,cache/archives/partial,preferences}
: > "$apt/status"
echo "deb [signed-by=$key] $mirror $suite main" > "$apt/sources.list"
options=(
  -q -o APT::Install-Recommends=false -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3
  -o Debug::NoLocking=1 -o Dir::Cache="$apt/cache" -o Dir::Etc::Preferences=/dev/null
  -o Dir::Etc::PreferencesParts="$apt/preferences" -o Dir::Etc::SourceList="$apt/sources.list"
  -o Dir::Etc::SourceParts=/dev/null -o Dir::Log="$apt" -o Dir::State="$apt" -o Dir::State::Lists="$apt/lists"
  -o Dir::State::status="$apt/status"
)
apt-get "${options[@]}" update
apt-get "${options[@]}" -y --download-only -t "$suite" install patchelf "$@"

for package in "$apt"/cache/archives/*.deb; do
  case ${package##*/} in # only maintainer scripts need these
    adduser_* | base-files_* | bash_* | coreutils_* | cron* | dash_* | debconf_* | dpkg_* | init-system-helpers_* | \
      javascript-* | libcrypt-dev* | libdb5* | libgdbm* | libicu* | libjs-* | libpython3* | libsystemd-shared* | \
      login* | logrotate_* | media-types_* | mount_* | openssl_* | passwd_* | perl* | procps_* | python3* | \
      readline-common_* | systemd* | tar_* | tzdata* | util-linux*) ;;
    *) dpkg-deb -x "$package" "$dir" ;;
  esac
done

loader=$(find "$dir" -name 'ld-linux-*.so.*' -exec readlink -f {} ';' -quit)
libraries=$(dirname "$(find "$dir/usr/lib" -name 'libc.so.6' -print -quit)")
# patchelf comes from the same suite, so it too runs only through that suite's loader.
patchelf() { "$loader" --library-path "$libraries" "$dir/usr/bin/patchelf" "$@"; }
{ find "$dir"/usr/{bin,sbin,lib/erlang} -type f -perm -u+x ! -name '*.so*' ! -name patchelf 2>/dev/null || true; } |
  while read -r program; do
    [[ $(head -c4 "$program" | tail -c3) == ELF ]] || continue
    patchelf --print-interpreter "$program" > /dev/null 2>&1 || continue # static
    # RPATH, not RUNPATH: only it also serves the libraries that a program loads by name.
    patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$program"
  done
for script in "$dir"/usr/lib/erlang/bin/erl "$dir"/usr/lib/erlang/erts-*/bin/erl; do
  if [[ -f $script ]]; then sed -i "s#=/usr/lib/erlang#=$dir/usr/lib/erlang#" "$script"; fi
done
rm -rf "$apt" "$dir"/usr/share/{bash-completion,doc,lintian,locale,man}
