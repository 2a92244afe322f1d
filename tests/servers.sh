#!/bin/sh
# Installs what the tests' real servers need (redis-server; Java and Maven for Apache Kafka; Node.js for the AsyncAPI
# parser; kcat for the README's commands; faketime for clocks that jump; promtool for the alerts;
# Chromium for the pages) where that is possible: as root, with apt. Elsewhere
# those tests are skipped and say why. Never fails, never asks.
packages=
command -v redis-server >/dev/null || packages="$packages redis-server"
command -v javac >/dev/null || packages="$packages openjdk-17-jdk-headless"
command -v mvn >/dev/null || packages="$packages maven"
command -v npm >/dev/null || packages="$packages npm"
command -v kcat >/dev/null || packages="$packages kcat"
command -v faketime >/dev/null || packages="$packages faketime"
command -v promtool >/dev/null || packages="$packages prometheus"
command -v chromium >/dev/null || command -v google-chrome >/dev/null || packages="$packages chromium"
[ -n "$packages" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing$packages" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null >&2 || echo "apt-get update failed; going on with what is known" >&2
    for package in $packages; do
        # At run level 1 a package starts no server of its own.
        RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$package" </dev/null >/dev/null 2>&1 && continue
        [ "$package" = openjdk-17-jdk-headless ] &&
            apt-get install -y -qq --no-install-recommends default-jdk-headless </dev/null >/dev/null 2>&1 && continue
        echo "could not install $package; tests that need it are skipped" >&2
    done
else
    echo "not installed here, tests that need them are skipped:$packages" >&2
fi
exit 0
