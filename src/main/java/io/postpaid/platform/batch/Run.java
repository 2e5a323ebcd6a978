package io.postpaid.platform.batch;

import io.postpaid.platform.calendar.BillingPeriod;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.step.StepExecution;

/**
 * What identifies a run.
 *
 * @param job nightly, monthly or close
 * @param date the nightly date D, or the first day of the period P
 * @param n 1 for the first complete run of this date; a later one finds only what has come since
 */
public record Run(String job, LocalDate date, long n) {

    /** The run that a step is of. */
    static Run of(StepExecution step) {
        var job = step.getJobExecution();
        var parameters = job.getJobParameters();
        return new Run(
                // A step that is launched alone is in no job of this name.
                Objects.requireNonNullElse(
                        parameters.getString("job"), job.getJobInstance().getJobName()),
                Objects.requireNonNull(parameters.getLocalDate("date")),
                Objects.requireNonNull(parameters.getLong("n")));
    }

    JobParameters toJobParameters() {
        return new JobParametersBuilder()
                .addString("job", job, false)
                .addLocalDate("date", date, true)
                .addLong("n", n, true)
                .toJobParameters();
    }

    /** The same of one execution, which starts at this time. */
    JobParameters toJobParameters(Instant now) {
        return new JobParametersBuilder(toJobParameters())
                .addString("started_at", now.toString(), false)
                .toJobParameters();
    }

    /** The monthly run of a period, as its statements know it. */
    public static Run ofMonth(BillingPeriod period) {
        return new Run(Runs.MONTHLY, period.firstDay(), 1);
    }

    /** That closes a month, as its statements know it. */
    public static Run ofClose(BillingPeriod period) {
        return new Run(Runs.CLOSE, period.firstDay(), 1);
    }

    public boolean monthly() {
        return job.equals(Runs.MONTHLY);
    }

    public BillingPeriod period() {
        return BillingPeriod.of(date);
    }

    /** What SQL may bind by name: {@code :date}, {@code :period} (first day of its month), {@code :next} (of the next). */
    Map<String, Object> sqlParameters() {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("date", date);
        parameters.put("period", period().firstDay());
        parameters.put("next", period().issuedOn());
        return parameters;
    }
}
