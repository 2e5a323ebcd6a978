package io.postpaid.usage.admission;

import io.postpaid.platform.batch.Column;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageVoid;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of corrections: one per record, ever. */
final class Voids {
    private final JdbcClient jdbc;

    Voids(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes the corrections that are accepted; a refused one gives its key back. */
    void take(List<Claim> batch) {
        record Correction(Claim claim, UUID key, UsageVoid said) {}
        var corrections = batch.stream()
                .<Correction>mapMulti((claim, out) -> {
                    for (var stated : claim.taken()) {
                        if (stated.fact instanceof UsageVoid said) out.accept(new Correction(claim, stated.key, said));
                    }
                })
                .sorted(Comparator.comparing(each -> each.said().voidedKey()))
                .toList();
        var refused = new HashMap<UUID, Refused>();
        for (var correction : corrections) {
            Refused refusal = refusal(correction.claim(), correction.key(), correction.said());
            if (refusal != null) refused.put(correction.key(), refusal);
        }
        if (refused.isEmpty()) return;
        jdbc.sql("delete from usage_key where key = any(:keys::uuid[])")
                .param("keys", Column.of(refused.keySet(), key -> key))
                .update();
        // Its copies in this batch are refused like it.
        for (Claim claim : batch) {
            if (claim.verdict instanceof Taken && claim.corrects()) {
                var refusal = refused.get(claim.keyIfAny());
                if (refusal != null) claim.verdict = refusal;
            }
        }
    }

    private @Nullable Refused refusal(Claim claim, UUID key, UsageVoid said) {
        if (said.ofGate() && !settled(said)) {
            return new Refused(
                    Reason.NOT_SETTLED,
                    "no call '" + said.voids() + "' of " + said.account()
                            + " is settled at the gate: a call is corrected after it is settled");
        }
        int written = jdbc.sql("""
                        insert into usage_void (voided_key, key, account, file, line)
                        values (:voided, :key, :account, :file, :line)
                            on conflict (voided_key) do nothing""")
                .param("voided", said.voidedKey())
                .param("key", key)
                .param("account", said.account())
                .param("file", claim.file)
                .param("line", claim.line)
                .update();
        return written == 1
                ? null
                : new Refused(
                        Reason.ALREADY_VOIDED,
                        "the record '" + said.voids() + "' is already taken back by another correction");
    }

    /** A call that still runs is not taken back ahead of its end, which would make it free. */
    private boolean settled(UsageVoid said) {
        return jdbc.sql("select gate_has_settled(:account, :id)")
                .param("account", said.account())
                .param("id", said.voids())
                .query(Boolean.class)
                .single();
    }
}
