#!/bin/sh
# Makes of target/postpaid.jar what is handed out, below target/release: the archive, the package for Debian, the image. Run by
# ./mvnw -Prelease package. The same commit, JDK and Debian packages give the same bytes (decision 0131).
# usage: package.sh VERSION TIMESTAMP
set -eu
umask 022
export LC_ALL=C
version=$1
SOURCE_DATE_EPOCH=$(date -u -d "$2" +%s)
export SOURCE_DATE_EPOCH
project=$(cd "$(dirname "$0")/../.." && pwd -P)
out=$project/target/release
. "$project/.mvn/find-jdk.sh"

# packed FOLDER [TAR'S ARGUMENTS]: what is in a folder as a tar, without what differs from build to build.
packed() {
    tar --sort=name --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --mtime="@$SOURCE_DATE_EPOCH" \
        --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -cf - -C "$@"
}

archive() {
    root=$out/archive/postpaid-$version
    mkdir -p "$root"
    "$JAVA_HOME/bin/java" -Djarmode=tools -jar "$project/target/postpaid.jar" extract --destination "$root/app" >/dev/null
    # For a Linux; the sources build on a Mac.
    rm -f "$root"/app/lib/embedded-postgres-binaries-darwin-*.jar
    cp "$project/.mvn/find-jdk.sh" "$root/app/"
    cp "$project/postpaid" "$root/"
    cp -r "$project/jobs" "$project/templates" "$project/src/kubernetes" "$root/"
    cp -r "$project/src/docs" "$root/docs"
    cp "$project/target/classes/META-INF/sbom/application.cdx.json" "$root/sbom.cdx.json"
    # Links of the sources that lead elsewhere here.
    sed 's|src/docs/|docs/|g; s|src/kubernetes|kubernetes|g' "$project/README.md" >"$root/README.md"
    for page in "$root"/docs/*.md; do
        sed 's|(\.\./\.\./|(../|g; s|(\.\./kubernetes|(../kubernetes|g' "$page" >"$page.new"
        mv "$page.new" "$page"
    done
    packed "$out/archive" "postpaid-$version" | gzip -n >"$out/postpaid-$version.tar.gz"
    echo "target/release/postpaid-$version.tar.gz"
}

# A Java runtime with what Postpaid uses, also by reflection: jdk.security.auth tells the embedded PostgreSQL that it is started by
# root, jdk.localedata writes dates of other languages, jdk.charsets reads old files, jdk.jcmd is for who looks for a fault.
runtime() {
    "$JAVA_HOME/bin/jlink" --output "$out/runtime" --compress zip-6 --no-header-files --no-man-pages --add-modules \
        java.se,jdk.charsets,jdk.crypto.ec,jdk.crypto.cryptoki,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.localedata,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs
}

rm -rf "$out"
mkdir -p "$out"
archive
if command -v dpkg-deb >/dev/null 2>&1; then
    runtime
    . "$project/src/packaging/debian.sh"
    . "$project/src/packaging/image.sh"
else
    echo "No package for Debian and no image: they are made on a Debian, by dpkg-deb and apt-get" >&2
fi
