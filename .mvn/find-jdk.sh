# Sets JAVA_HOME to a JDK 25 or newer, the first of $POSTPAID_JAVA_HOME, a runtime of its own ($bundled), $JAVA_HOME and the usual
# places. To be sourced. JDK 25 before 25.0.3 can corrupt memory with the G1 collector (JDK-8377811): it is not taken.
# What runs Postpaid needs java (needs=java), what builds it javac.
is_jdk_25() {
    [ -x "$1/bin/${needs:-javac}" ] && [ -f "$1/release" ] || return 1
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ "${major:-0}" -ge 25 ]
}

# 25, 25.0.1 and 25.0.2, also with a build behind it.
is_unsafe_jdk() {
    jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9.]*\).*/\1/p' "$1/release")
    case $jdk_version in
        25 | 25.0 | 25.0.0 | 25.0.0.* | 25.0.1 | 25.0.1.* | 25.0.2 | 25.0.2.*) return 0 ;;
        *) return 1 ;;
    esac
}

found=
unsafe=
for candidate in "${POSTPAID_JAVA_HOME:-}" "${bundled:-}" "${JAVA_HOME:-}" ${POSTPAID_JDKS:-/usr/lib/jvm/* /opt/java/*} \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
        if is_unsafe_jdk "$candidate"; then
            unsafe=${unsafe:-$candidate}
        else
            found=$candidate
            break
        fi
    fi
done
if [ -z "$found" ] && [ -n "$unsafe" ]; then
    echo "The JDK in $unsafe can corrupt memory (JDK-8377811): install 25.0.3 or newer, and name it by POSTPAID_JAVA_HOME." >&2
    exit 1
fi
if [ -z "$found" ]; then
    echo "Postpaid needs a JDK 25 (25.0.3 or newer): install one, or set POSTPAID_JAVA_HOME to where it is." >&2
    exit 1
fi
JAVA_HOME=$found
export JAVA_HOME
