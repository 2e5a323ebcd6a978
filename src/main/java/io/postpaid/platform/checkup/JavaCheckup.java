package io.postpaid.platform.checkup;

import java.lang.Runtime.Version;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The Java runtime: G1, its default collector, can corrupt memory before 25.0.3 (JDK-8377811). */
@Component
@Order(1)
public class JavaCheckup implements Checkup {
    private static final Version OLDEST = Version.parse("25.0.3");

    @Override
    public String of() {
        return "JDK";
    }

    @Override
    public String look() {
        return judge(Runtime.version()) + ", with a heap of at most "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MB";
    }

    /** @throws UnwellException if it is one of those that nothing is to be run by */
    public static String judge(Version version) {
        if (version.compareToIgnoreOptional(OLDEST) < 0) {
            throw new UnwellException("Java " + version + " can corrupt memory (JDK-8377811): install " + OLDEST
                    + " or newer, and name it by POSTPAID_JAVA_HOME");
        }
        return "Java " + version;
    }
}
