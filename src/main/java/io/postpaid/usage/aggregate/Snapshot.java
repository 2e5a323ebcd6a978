package io.postpaid.usage.aggregate;

import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.admission.KnownAccounts;
import io.postpaid.usage.admission.OtherPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run decides by, as the database had it when the run began: so that nothing is decided twice, and every machine decides
 * the same.
 *
 * @param keeper the installation, which is the only one that keeps records below its folder
 * @param mapping how to read foreign logs; null for usage with Postpaid's own names
 * @param products whether each costs anything
 * @param ingested the sources whose usage comes the other way
 * @param corrections those of all earlier runs
 * @param folders of all earlier runs whose keys may be met again, in the order of the runs
 * @param older of the other earlier runs: a correction may name a record of theirs
 */
public record Snapshot(
        String run,
        UUID keeper,
        Instant now,
        Instant earliest,
        Duration clockSkew,
        @Nullable Text mapping,
        List<String> accounts,
        List<Alias> aliases,
        Map<String, Boolean> products,
        Set<String> freeOperations,
        Set<String> ingested,
        List<Corrected> corrections,
        List<String> folders,
        List<String> older) {

    /** A file of ours. */
    public record Text(String name, String text) {}

    /** What logs of a source call an account; an empty source is every one. */
    public record Alias(String source, String name, String account) {}

    /** @param key its own; {@code voided} is that of the record that it takes back */
    public record Corrected(UUID key, UUID voided, String account, boolean applied) {}

    public Admission admission() {
        var known = new KnownAccounts();
        accounts.forEach(known::add);
        aliases.forEach(alias -> known.add(alias.source(), alias.name(), alias.account()));
        return new Admission(known, products, freeOperations, new OtherPath(ingested, true), now, earliest, clockSkew);
    }
}
