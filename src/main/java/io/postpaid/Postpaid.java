package io.postpaid;

import io.postpaid.cli.Cli;
import io.postpaid.cli.Terminal;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TimeZone;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;

/** The application: its wings are the packages beside this class. */
@SpringBootApplication(proxyBeanMethods = false)
@Modulithic(systemName = "Postpaid", sharedModules = "platform")
public class Postpaid {
    public static void main(String[] arguments) {
        TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
        System.exit(Cli.run(Postpaid.class, Terminal.system(), Map.of(), arguments));
    }
}
