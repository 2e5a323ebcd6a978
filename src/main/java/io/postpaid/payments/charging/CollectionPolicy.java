package io.postpaid.payments.charging;

import io.postpaid.billing.invoicing.Invoice;
import java.io.IOException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What follows an unpaid invoice and when, as {@code jobs/dunning.yaml} says it; days count from the invoice date.
 *
 * @param retryDays when a card that may be tried again is, in ascending order
 * @param writeOffLostDisputes whether what a lost dispute leaves open is written off, instead of owed
 */
public record CollectionPolicy(
        List<Integer> retryDays, int reminderDay, int suspensionDay, boolean writeOffLostDisputes) {
    private static final int DAYS_TO_PAY = 7;
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public CollectionPolicy {
        retryDays = List.copyOf(retryDays);
        if (!retryDays.stream().sorted().distinct().toList().equals(retryDays)
                || retryDays.stream().anyMatch(day -> day < 1 || day >= suspensionDay)) {
            throw new IllegalArgumentException(
                    "retry_days " + retryDays + " must ascend, from 1 to before suspension_day " + suspensionDay);
        }
        if (reminderDay < 1 || reminderDay >= suspensionDay) {
            throw new IllegalArgumentException(
                    "reminder_day " + reminderDay + " must be from 1 to before suspension_day " + suspensionDay);
        }
    }

    public static CollectionPolicy read() {
        var file = "jobs/dunning.yaml";
        try (var yaml = new ClassPathResource(file).getInputStream()) {
            var policy = YAML.readValue(yaml, CollectionPolicy.class);
            if (policy.suspensionDay() != DAYS_TO_PAY) {
                throw new IllegalStateException(file + ": suspension_day must be " + DAYS_TO_PAY
                        + ", the day on which invoices fall due and which the proof of the books counts on");
            }
            return policy;
        } catch (IOException | JacksonException e) {
            throw new IllegalStateException(file + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** The first retry day that is still to come. */
    public Optional<LocalDate> nextRetry(LocalDate issuedOn, LocalDate today) {
        var age = ChronoUnit.DAYS.between(issuedOn, today);
        return retryDays.stream().filter(day -> day > age).findFirst().map(issuedOn::plusDays);
    }

    /** The day from which on an invoice that is still open suspends its account. */
    public LocalDate suspendsOn(Invoice invoice) {
        return invoice.issuedOn().plusDays(suspensionDay);
    }
}
