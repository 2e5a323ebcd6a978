package io.postpaid.payments.dunning;

import io.postpaid.payments.charging.CollectionPolicy;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/** Decides which step an unpaid invoice has come to. */
final class DunningPolicy {
    private DunningPolicy() {}

    /** The step that is due; a reminder that was missed is not sent together with the suspension. */
    static Optional<DunningStep> due(
            CollectionPolicy policy, LocalDate issuedOn, LocalDate today, Set<DunningStep> taken) {
        long age = ChronoUnit.DAYS.between(issuedOn, today);
        if (taken.contains(DunningStep.SUSPENSION)) return Optional.empty();
        if (age >= policy.suspensionDay()) return Optional.of(DunningStep.SUSPENSION);
        if (age >= policy.reminderDay() && !taken.contains(DunningStep.REMINDER))
            return Optional.of(DunningStep.REMINDER);
        return Optional.empty();
    }
}
