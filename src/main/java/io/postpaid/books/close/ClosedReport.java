package io.postpaid.books.close;

import io.postpaid.books.close.ClosedMonth.KeptFile;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.springframework.stereotype.Component;

/** Reads the report of a closed month, file by file, each only as it was kept. */
@Component
public class ClosedReport {
    private final Home home;

    ClosedReport(Home home) {
        this.home = home;
    }

    /** A file of the folder is gone, or no longer what was kept. */
    public static final class NotAsKeptException extends RuntimeException {
        NotAsKeptException(String message) {
            super(message, null, false, false);
        }
    }

    /** @throws NotAsKeptException behind the last byte, if these are not the bytes that were kept */
    public void copy(BillingPeriod period, KeptFile kept, OutputStream out) throws IOException {
        var file = home.reports().resolve(period.toString()).resolve(kept.file());
        var digest = Sha256.digest();
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(out);
        } catch (NoSuchFileException gone) {
            throw new NotAsKeptException("reports/%s/%s is not there: ./postpaid report --period %s writes it again"
                    .formatted(period, kept.file(), period));
        }
        var found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(kept.sha256())) {
            throw new NotAsKeptException("The SHA-256 of reports/%s/%s is %s, and was %s when the month was closed"
                    .formatted(period, kept.file(), found, kept.sha256()));
        }
    }
}
