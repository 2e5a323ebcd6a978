package io.postpaid.platform.home;

import io.postpaid.platform.checkup.Checkup;
import io.postpaid.platform.checkup.UnwellException;
import java.io.IOException;
import java.nio.file.Files;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Room under POSTPAID_HOME, where files can be written; the disk of another PostgreSQL is not seen from here. */
@Component
@Order(7)
class DiskCheckup implements Checkup {
    private static final long LEAST_GB = 1;

    private final ObjectProvider<Home> home;

    DiskCheckup(ObjectProvider<Home> home) {
        this.home = home;
    }

    @Override
    public String of() {
        return "disk";
    }

    @Override
    public String look() throws IOException {
        var path = home.getObject().path();
        long free = Files.getFileStore(path).getUsableSpace() >> 30;
        if (free < LEAST_GB) {
            throw new UnwellException("Less than " + LEAST_GB + " GB is free under " + path
                    + ": make room, or set POSTPAID_HOME to a larger disk");
        }
        return free + " GB free under " + path;
    }
}
