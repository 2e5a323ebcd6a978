package io.postpaid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Archive, package for Debian and image, made from a copy of the sources, each used where there is nothing else. It takes minutes,
 * root, and what debootstrap fetches: -Pdeep runs it.
 */
@EnabledIfSystemProperty(
        named = "packages",
        matches = "true",
        disabledReason = "takes minutes: -Dpackages=true, -Pdeep")
class InstalledTest {
    private static final Path WORK = Path.of("target/installed").toAbsolutePath();
    /** What a command is run in: the root, with devices, processes and an own loopback, gone with the shell. */
    private static final String IN_ROOT = """
            set -eu
            mount --bind "$1" "$1"
            mount --rbind /dev "$1/dev"
            mount -t proc proc "$1/proc"
            mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
            """;

    @BeforeAll
    static void make() throws Exception {
        assumeTrue(sh("id -u").equals("0"), "installing needs root");
        var missing =
                sh("for tool in debootstrap dpkg-deb apt-get; do command -v $tool >/dev/null || echo $tool; done");
        assumeTrue(missing.isEmpty(), "it needs a Debian with " + missing);
        sh("rm -rf '" + WORK + "' && mkdir -p '" + WORK + "'");
        made("one");
    }

    @AfterAll
    static void clean() throws Exception {
        sh("rm -rf '" + WORK + "'");
    }

    private static String sh(String script, Object... arguments) throws Exception {
        var command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        for (var argument : arguments) command.add(String.valueOf(argument));
        var log = Files.createTempFile("installed", ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
        var said = Files.readString(log).strip();
        Files.delete(log);
        assertThat(process.exitValue()).as("%s%n%s", script, said).isZero();
        return said;
    }

    private static Path made(String name) throws Exception {
        var copy = WORK.resolve(name);
        sh("mkdir \"$1\" && cp -r .mvn mvnw pom.xml postpaid README.md src jobs templates \"$1\"", copy);
        sh("cd \"$1\" && ./mvnw -q -Prelease package", copy);
        return copy.resolve("target/release");
    }

    private static TreeMap<String, String> hashes(Path folder) throws Exception {
        var hashes = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                hashes.put(file.getFileName().toString(), HexFormat.of().formatHex(hash));
            }
        }
        return hashes;
    }

    private static Path found(String pattern) throws IOException {
        try (var files = Files.newDirectoryStream(WORK.resolve("one/target/release"), pattern)) {
            return files.iterator().next();
        }
    }

    /** Starts a worker as its unit or manifest does, and stops it: that is success. */
    private static final String WORKER = """
            worker() {
                "$@" worker >/tmp/worker 2>&1 &
                until grep -q "^Worker on" /tmp/worker; do
                    kill -0 $!
                    sleep 1
                done
                kill $! && wait $!
                cat /tmp/worker
            }
            """;

    private static void isWell(String said) {
        assertThat(said).contains("JDK         yes", "PostgreSQL  yes", "disk        yes", "templates   yes");
        assertThat(said).containsPattern("2026-000025 +demo-cobalt .* PAID").contains("Finance report");
    }

    @Test
    void theSameSourcesGiveTheSameBytes() throws Exception {
        var first = hashes(WORK.resolve("one/target/release"));
        assertThat(first).hasSize(3).isEqualTo(hashes(made("two")));
    }

    @Test
    void theArchiveRunsWhereItIsUnpacked() throws Exception {
        var folder = Files.createDirectory(WORK.resolve("archive"));
        sh("tar -xzf \"$1\" -C \"$2\"", found("*.tar.gz"), folder);
        var said = sh(
                "cd \"$1\"/postpaid-* && export POSTPAID_HOME=$PWD/data && ./postpaid doctor && ./postpaid demo",
                folder);
        isWell(said);
        assertThat(said).contains("Preparing Postpaid").doesNotContain("Building");
    }

    @Test
    void thePackageIsInstalledIntoAnEmptyDebian() throws Exception {
        var root = WORK.resolve("root");
        sh(
                "debootstrap --variant=minbase --include=procps bookworm \"$1\" && cp \"$2\" \"$1/postpaid.deb\"",
                root,
                found("*.deb"));
        sh("echo '127.0.0.1 localhost' >\"$1/etc/hosts\"", root);
        var said = sh("unshare -m sh -c \"$1\" sh \"$2\"", IN_ROOT + """
                chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -euc '
                    dpkg -i /postpaid.deb
                    postpaid doctor
                    postpaid demo
                """ + WORKER + """
                    worker setpriv --reuid=postpaid --regid=postpaid --init-groups -- env -i PATH=/usr/bin:/bin \
                        $(sed -n s/^Environment=POSTPAID_/POSTPAID_/p /usr/lib/systemd/system/postpaid-worker.service) \
                        $(sed -n "s/^ExecStart=\\(.*\\) worker/\\1/p" /usr/lib/systemd/system/postpaid-worker.service)
                    stat -c "%a %U %G" /etc/postpaid/postpaid.env
                    dpkg --purge postpaid
                    test ! -e /usr/lib/postpaid
                    test ! -e /etc/postpaid
                    ls /var/lib/postpaid'
                """, root);
        isWell(said);
        assertThat(said)
                .contains("Worker on jdbc", "640 root postpaid", "The books of Postpaid stay in /var/lib/postpaid");
        var units = sh("systemd-analyze verify --root=\"$1\" src/packaging/systemd/*.timer 2>&1 || true", root);
        assertThat(units).doesNotContain("Unknown", "ignoring");
    }

    @Test
    void theImageRunsWithNothingButItself() throws Exception {
        var root = Files.createDirectory(WORK.resolve("image"));
        sh("""
                mkdir "$2/layout" && tar -xf "$1" -C "$2/layout"
                cd "$2"
                blobs=layout/blobs/sha256
                manifest=$(sed 's/.*manifest.v1+json","digest":"sha256:\\([0-9a-f]*\\).*/\\1/' layout/index.json)
                for layer in $(grep -o 'tar+gzip","digest":"sha256:[0-9a-f]*' $blobs/$manifest | sed 's/.*://'); do
                    echo "$layer  $blobs/$layer" | sha256sum -c --quiet
                    tar -xzf $blobs/$layer
                done
                rm -rf layout""", found("*.oci.tar"), root);
        assertThat(sh("find \"$1\" -xdev -perm /6000", root)).isEmpty();
        var said = sh("unshare -m sh -c \"$1\" sh \"$2\"", IN_ROOT + """
                run() {
                    env -i PATH=/usr/lib/postpaid:/usr/bin HOME=/var/lib/postpaid LANG=C.UTF-8 POSTPAID_HOME=/var/lib/postpaid \\
                        LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs \\
                        "$(command -v chroot)" --userspec=10001:10001 "$root" /bin/sh -c 'cd /var/lib/postpaid && exec "$@"' sh "$@"
                }
                root=$1
                run postpaid doctor
                run postpaid demo
                run id
                run sh -euc '
                """ + WORKER + """
                worker postpaid'
                """, root);
        isWell(said);
        assertThat(said).contains("uid=10001(postpaid)", "Worker on jdbc", "Type next:\n  postpaid serve");
        assertThat(said.lines().filter(line -> line.contains("WARN")))
                .allMatch(line -> line.startsWith("{\"@timestamp\":") && line.endsWith("}"));
    }
}
