# The package for Debian, by its own dpkg-deb: everything in /usr/lib/postpaid, with a Java runtime. Sourced by package.sh.
arch=$(dpkg --print-architecture)
case $arch in amd64) foreign=arm64v8 ;; *) foreign=amd64 ;; esac
deb=$out/deb
mine=$project/src/packaging/debian
mkdir -p "$deb/DEBIAN" "$deb/usr/bin" "$deb/usr/lib/systemd/system" "$deb/usr/share/doc/postpaid" "$deb/etc/postpaid/templates"
cp -r "$out/archive/postpaid-$version" "$deb/usr/lib/postpaid"
cp -r "$out/runtime" "$deb/usr/lib/postpaid/runtime"
# PostgreSQL for other machines.
rm -f "$deb"/usr/lib/postpaid/app/lib/embedded-postgres-binaries-linux-$foreign-*.jar
for page in README.md docs kubernetes sbom.cdx.json; do mv "$deb/usr/lib/postpaid/$page" "$deb/usr/share/doc/postpaid/"; done
# Links of the pages lead there.
ln -s ../../../lib/postpaid/jobs "$deb/usr/share/doc/postpaid/jobs"
ln -s ../../../lib/postpaid/templates "$deb/usr/share/doc/postpaid/templates"
cp "$mine/copyright" "$deb/usr/share/doc/postpaid/"
cp "$mine/postpaid" "$deb/usr/bin/"
cp "$project"/src/packaging/systemd/* "$deb/usr/lib/systemd/system/"
cp "$mine/postpaid.env" "$deb/etc/postpaid/"
cp "$mine/postinst" "$mine/prerm" "$mine/postrm" "$deb/DEBIAN/"
echo /etc/postpaid/postpaid.env >"$deb/DEBIAN/conffiles"
chmod -R u=rwX,go=rX "$deb"
chmod 0640 "$deb/etc/postpaid/postpaid.env"
cat >"$deb/DEBIAN/control" <<CONTROL
Package: postpaid
Version: $version
Architecture: $arch
Maintainer: Postpaid <postpaid@example.invalid>
Installed-Size: $(du -sk --apparent-size "$deb/usr" | cut -f1)
Section: misc
Priority: optional
Depends: libc6 (>= 2.31), libstdc++6, passwd, procps, util-linux
Recommends: fonts-noto-core
Suggests: postgresql (>= 18), fonts-noto-cjk, fonts-symbola
Description: batch billing engine for pay-as-you-go APIs
 Takes raw usage in every night, prices it, draws prepaid credit, issues
 invoices as PDF, charges cards through Stripe and writes the books of the
 month. With a Java runtime and a PostgreSQL of its own; yours is used where
 you name one. No service is started by installing it.
CONTROL
find "$deb" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zgzip --build "$deb" "$out/postpaid_${version}_$arch.deb" >/dev/null
echo "target/release/postpaid_${version}_$arch.deb"
