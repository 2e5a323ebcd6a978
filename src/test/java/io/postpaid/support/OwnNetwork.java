package io.postpaid.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** A network of its own for processes, by the kernel, with one cable to this one's: as another machine has it. Needs root. */
public final class OwnNetwork implements AutoCloseable {
    /** This machine, seen from there. */
    public static final String HERE = "10.231.7.1";

    private final String name = "postpaid-" + ProcessHandle.current().pid();
    private final String cable = "pp" + ProcessHandle.current().pid();

    public OwnNetwork() throws IOException, InterruptedException {
        ip("netns add " + name);
        ip("link add " + cable + " type veth peer name there netns " + name);
        ip("address add " + HERE + "/30 dev " + cable);
        ip("link set " + cable + " up");
        ip("-n " + name + " address add 10.231.7.2/30 dev there");
        ip("-n " + name + " link set there up");
        ip("-n " + name + " link set lo up");
    }

    /** Whether this kernel makes them for us. */
    public static boolean isPossible() throws IOException, InterruptedException {
        return run("sh", "-c", "ip netns add postpaid-try && ip netns del postpaid-try") == 0;
    }

    /** What a command begins with, to be run there. */
    public List<String> enter() {
        return List.of("ip", "netns", "exec", name);
    }

    /** Pulls the cable: packets are lost, and nobody is told. */
    public void cut() throws IOException, InterruptedException {
        ip("link set " + cable + " down");
    }

    private static void ip(String arguments) throws IOException, InterruptedException {
        assertThat(run(("ip " + arguments).split(" "))).as(arguments).isZero();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        ip("netns del " + name);
    }
}
