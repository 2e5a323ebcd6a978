# The image: an OCI image layout as a tar, for podman load, docker load, or skopeo into a registry. Three layers: what a program
# needs of Debian, the Java runtime, Postpaid. Sourced by package.sh behind debian.sh.
image=$out/image
layout=$image/layout
mkdir -p "$image/debian" "$image/base" "$image/java/usr/lib/postpaid" "$image/app/usr/lib" "$layout/blobs/sha256"

# libc, what PostgreSQL needs beside it, the locale of UTF-8, and one program that is the shell and the tools of the launcher.
packages="base-files busybox-static gcc-12-base libc-bin libc6 libgcc-s1 libstdc++6"
# The packages are several words.
# shellcheck disable=SC2086
(cd "$image/debian" && apt-get -qq -o APT::Sandbox::User=root download $packages)
base=$image/base
mkdir -p "$base/etc" "$base/usr/bin" "$base/usr/lib/locale" "$base/usr/share/doc" "$base/var/lib/dpkg/status.d" "$base/proc" "$base/dev" "$base/sys"
for package in $packages; do
    dpkg-deb -x "$image/debian/$package"_*.deb "$image/unpacked"
    # Where scanners of images look for what Debian's packages they have.
    dpkg-deb -f "$image/debian/$package"_*.deb >"$base/var/lib/dpkg/status.d/$package"
    if [ -f "$image/unpacked/usr/share/doc/$package/copyright" ]; then
        install -D -m 644 "$image/unpacked/usr/share/doc/$package/copyright" "$base/usr/share/doc/$package/copyright"
    fi
done
for folder in bin lib lib64; do
    mkdir -p "$base/usr/$folder"
    ln -s "usr/$folder" "$base/$folder"
    if [ -d "$image/unpacked/$folder" ]; then cp -a "$image/unpacked/$folder/." "$base/usr/$folder/"; fi
done
cp -a "$image/unpacked/usr/lib/locale/C.utf8" "$base/usr/lib/locale/"
cp -a "$image/unpacked/usr/lib/os-release" "$base/usr/lib/"
ln -s ../usr/lib/os-release "$base/etc/os-release"
multiarch=usr/lib/$(uname -m)-linux-gnu
if [ -d "$image/unpacked/$multiarch" ]; then cp -a "$image/unpacked/$multiarch" "$base/usr/lib/"; fi
rm -rf "$base/$multiarch/gconv" "$base/$multiarch/audit"
for tool in sh basename cat cp date df dirname env find head id kill ls mkdir mv ps readlink rm sed sleep tail touch uname; do
    ln -sf busybox "$base/usr/bin/$tool"
done
echo 'root:x:0:0:root:/:/bin/sh
postpaid:x:10001:10001:postpaid:/var/lib/postpaid:/bin/sh' >"$base/etc/passwd"
echo 'root:x:0:
postpaid:x:10001:' >"$base/etc/group"
echo '127.0.0.1 localhost
::1 localhost' >"$base/etc/hosts"
echo 'hosts: files dns' >"$base/etc/nsswitch.conf"
# State, which is of the user, and what everybody may write to.
mkdir -p "$image/own/var/lib/postpaid" "$image/tmp/tmp"

cp -a "$deb/usr/lib/postpaid/runtime" "$image/java/usr/lib/postpaid/"
cp -a "$deb/usr/lib/postpaid" "$image/app/usr/lib/"
rm -rf "$image/app/usr/lib/postpaid/runtime"
cp "$out/archive/postpaid-$version/sbom.cdx.json" "$image/app/usr/lib/postpaid/"

# blob FILE TYPE: puts a file among the blobs, and prints how it is described.
blob() {
    digest=$(sha256sum "$1" | cut -d' ' -f1)
    cp "$1" "$layout/blobs/sha256/$digest"
    printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s}' "$2" "$digest" "$(stat -c %s "$1")"
}

layers=
hashes=
for layer in base java app; do
    tar=$image/$layer.tar
    packed "$image/$layer" . >"$tar"
    if [ $layer = base ]; then
        packed "$image/own" --owner=10001 --group=10001 ./var/lib/postpaid >"$image/more.tar"
        tar -Af "$tar" "$image/more.tar"
        packed "$image/tmp" --mode=1777 ./tmp >"$image/more.tar"
        tar -Af "$tar" "$image/more.tar"
    fi
    hashes="$hashes${hashes:+,}\"sha256:$(sha256sum "$tar" | cut -d' ' -f1)\""
    gzip -n "$tar"
    layers="$layers${layers:+,}$(blob "$tar.gz" layer.v1.tar+gzip)"
done
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
cat >"$image/config" <<CONFIG
{"created":"$created","architecture":"$arch","os":"linux","config":{"User":"10001:10001","WorkingDir":"/var/lib/postpaid","Entrypoint":["/usr/lib/postpaid/postpaid"],"Cmd":["serve"],"Env":["PATH=/usr/lib/postpaid:/usr/bin","HOME=/var/lib/postpaid","LANG=C.UTF-8","POSTPAID_HOME=/var/lib/postpaid","POSTPAID_HOST=0.0.0.0"],"ExposedPorts":{"8080/tcp":{}},"Volumes":{"/var/lib/postpaid":{}},"StopSignal":"SIGTERM","Labels":{"org.opencontainers.image.title":"Postpaid","org.opencontainers.image.version":"$version"}},"rootfs":{"type":"layers","diff_ids":[$hashes]}}
CONFIG
cat >"$image/manifest" <<MANIFEST
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":$(blob "$image/config" config.v1+json),"layers":[$layers]}
MANIFEST
described=$(blob "$image/manifest" manifest.v1+json)
cat >"$layout/index.json" <<INDEX
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[${described%\}},"platform":{"architecture":"$arch","os":"linux"},"annotations":{"org.opencontainers.image.ref.name":"$version","io.containerd.image.name":"postpaid:$version"}}]}
INDEX
echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
packed "$layout" . >"$out/postpaid-$version-$arch.oci.tar"
echo "target/release/postpaid-$version-$arch.oci.tar"
