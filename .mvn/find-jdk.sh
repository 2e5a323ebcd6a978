# Sets JAVA_HOME to a JDK 25 or newer, the first of $POSTPAID_JAVA_HOME, $JAVA_HOME and the usual places. To be sourced.
is_jdk_25() {
    [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ "${major:-0}" -ge 25 ]
}

found=
for candidate in "${POSTPAID_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
        found=$candidate
        break
    fi
done
if [ -z "$found" ]; then
    echo "Postpaid needs a JDK 25 or newer: install one, or set POSTPAID_JAVA_HOME to where it is." >&2
    exit 1
fi
JAVA_HOME=$found
export JAVA_HOME
