package io.postpaid.simulation;

import static io.postpaid.simulation.PlainTaxes.NOVEMBER;
import static io.postpaid.simulation.PlainTaxes.OCTOBER;
import static io.postpaid.simulation.PlainTaxes.SEPTEMBER;
import static java.math.BigDecimal.ZERO;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.books.report.FinanceReport;
import io.postpaid.books.report.Verification;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.simulation.PlainTaxes.Tax;
import io.postpaid.simulation.TaxedMonths.Declared;
import io.postpaid.support.Rehearsed;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of tax of two seeded months, top-ups and their credit notes, beside a plain calculation from the usage: 0.00 apart. */
class TaxFiguresTest {
    @TempDir
    private Path folder;

    private TaxedMonths months;

    @Test
    void taxIsDeclaredToTheCent() throws IOException {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-09-01T08:00:00Z"))) {
            months = new TaxedMonths(application, folder);
            months.bill(SEPTEMBER, months.usage(SEPTEMBER));
            months.credit("2026-10-05T12:00:00Z", 80);
            months.credit("2026-10-20T12:00:00Z", 60);
            months.bill(OCTOBER, months.usage(OCTOBER) + months.late());
            months.credit("2026-11-09T12:00:00Z", 130);
            assertThat(months.notes).isGreaterThan(120);

            // Whoever owes nothing any more is active again.
            application.moveTo(Instant.parse("2026-11-10T08:00:00Z"));
            months.rates(LocalDate.of(2026, 11, 9), "1.1604");
            topUps(application);
            assertThat(application.nightly(LocalDate.of(2026, 11, 10)).completed())
                    .isTrue();
            for (var period : List.of("2026-09", "2026-10", "2026-11")) {
                figuresOf(
                        period,
                        application
                                .get(FinanceReport.class)
                                .write(BillingPeriod.parse(period), folder.resolve(period))
                                .directory());
            }
            assertThat(application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .isEmpty();
            Rehearsed.equalsTheBooks(application);
        }
    }

    /** Credit that is bought with tax, half of which goes back in part. */
    private void topUps(TestApplication application) {
        int bought = 0;
        for (var customer : months.customers) {
            if (customer.card().isEmpty()) continue;
            long net = months.random.nextLong(500, 5_000);
            var tax = PlainTaxes.tax(customer, "text", NOVEMBER);
            long amount = PlainTaxes.rounded(net * tax.permille(), 1_000);
            assertThat(application.get(TopUps.class).buy(customer.id(), new BigDecimal(TaxedMonths.cents(net)), "t"))
                    .isInstanceOf(TopUps.Answer.Taken.class);
            months.declared.add(new Declared(NOVEMBER, false, NOVEMBER, customer, tax, net, amount));
            if (bought++ % 2 == 0) continue;
            long back = months.random.nextLong(100, net + amount + 1);
            long taxBack = PlainTaxes.rounded(back * amount, net + amount);
            application
                    .get(Refunds.class)
                    .refundTopUp(
                            customer.id(), "t", new BigDecimal(TaxedMonths.cents(back)), "an outage", Freely.GIVEN);
            months.declared.add(new Declared(NOVEMBER, true, NOVEMBER, customer, tax, back - taxBack, taxBack));
        }
        assertThat(bought).isGreaterThan(20);
    }

    private void figuresOf(String period, Path report) throws IOException {
        var month = YearMonth.parse(period);
        var expected = new TreeMap<String, long[]>();
        for (var row : months.declared) {
            if (!row.period().equals(month)) continue;
            var sums = expected.computeIfAbsent(key(row), key -> new long[4]);
            sums[row.credit() ? 2 : 0] += row.base();
            sums[row.credit() ? 3 : 1] += row.amount();
        }
        expected.values().removeIf(sums -> Arrays.stream(sums).allMatch(sum -> sum == 0));
        var actual = new TreeMap<String, String>();
        for (var row : rows(report.resolve("tax.csv"))) {
            if (!row.get(6).equals("total")) {
                actual.put(String.join(",", row.subList(0, 8)), String.join(",", row.subList(8, 12)));
            } else {
                assertThat(row.getLast()).as("%s: %s", period, row).isEqualTo("true");
            }
        }
        var wanted = new TreeMap<String, String>();
        expected.forEach((key, sums) ->
                wanted.put(key, Arrays.stream(sums).mapToObj(TaxedMonths::cents).collect(joining(","))));
        actual.values().removeIf(sums -> sums.replaceAll("[0.,]", "").isEmpty());
        assertThat(actual).isNotEmpty().isEqualTo(wanted);
        theInvoicesAddUp(report);
        theReturnIsOf(month, report);
        whatIsDueIsTheSumOfWhatEachMemberStateIsDue(report);
        theEvidenceIsThatOfCardsAndAddresses(month, report);
    }

    private static String key(Declared row) {
        var customer = row.customer();
        return String.join(
                ",",
                customer.currency(),
                customer.country(),
                customer.state().strip().toUpperCase(Locale.ROOT),
                row.tax().registration(),
                customer.business() ? "business" : "consumer",
                row.tax().category(),
                row.tax().name(),
                percent(row.tax()));
    }

    private static String percent(Tax tax) {
        return tax.permille() % 10 == 0
                ? Integer.toString(tax.permille() / 10)
                : tax.permille() / 10 + "." + tax.permille() % 10;
    }

    private static void theInvoicesAddUp(Path report) throws IOException {
        var net = new TreeMap<String, BigDecimal>();
        for (var row : rows(report.resolve("tax-invoices.csv"))) {
            net.merge(String.join(",", row.subList(0, 8)), new BigDecimal(row.get(15)), BigDecimal::add);
        }
        for (var row : rows(report.resolve("tax.csv"))) {
            if (row.get(6).equals("total")) continue;
            assertThat(net.remove(String.join(",", row.subList(0, 8)))).isEqualByComparingTo(row.get(13));
        }
        assertThat(net).isEmpty();
    }

    /** In the return of a quarter stand its supplies, and what was corrected of earlier ones. */
    private void theReturnIsOf(YearMonth month, Path report) throws IOException {
        int quarter = quarter(month);
        var expected = months.declared.stream()
                .filter(row -> row.tax().registration().equals("OSS")
                        && quarter(row.period()) == quarter
                        && !row.period().isAfter(month))
                .collect(groupingBy(
                        row -> {
                            var at = row.customer().country().replace("GR", "EL") + " "
                                    + row.customer().currency();
                            var type = percent(row.tax()) + (row.tax().permille() > 150 ? " STANDARD" : " REDUCED");
                            if (row.customer().business())
                                return "LEFT OUT " + at + " " + type + corrected(row, quarter);
                            boolean now = quarter(row.supplied()) == quarter;
                            return now
                                    ? "SUPPLIES " + at + " " + type
                                    : "CORRECTIONS " + at + "  " + corrected(row, quarter);
                        },
                        TreeMap::new,
                        summingLong(row -> row.credit() ? -row.amount() : row.amount())));
        var actual = new TreeMap<String, Long>();
        for (var row : rows(report.resolve("oss.csv"))) {
            assertThat(row.subList(0, 2)).containsExactly("2026-Q" + quarter, month.toString());
            if (row.get(2).matches("BALANCE|TOTAL DUE")) continue;
            var key = "%s %s %s %s %s%s"
                    .formatted(row.get(2), row.get(3), row.get(7), row.get(6), row.get(5), row.get(12));
            actual.put(key, new BigDecimal(row.get(9)).movePointRight(2).longValueExact());
        }
        assertThat(actual).isEqualTo(expected);
    }

    /** In euros, of dollars by the rate of the last day of the quarter that they belong to. */
    private static void whatIsDueIsTheSumOfWhatEachMemberStateIsDue(Path report) throws IOException {
        var balances = new TreeMap<String, BigDecimal>();
        var unknown = new TreeSet<String>();
        for (var row : rows(report.resolve("oss.csv"))) {
            var state = row.get(3);
            var euros = row.get(11);
            if (row.get(2).equals("BALANCE")) {
                assertThat(euros)
                        .isEqualTo(
                                unknown.contains(state)
                                        ? ""
                                        : balances.get(state).toPlainString());
            } else if (row.get(2).equals("TOTAL DUE")) {
                var sum = balances.values().stream().map(ZERO::max).reduce(ZERO, BigDecimal::add);
                assertThat(euros).isEqualTo(unknown.isEmpty() ? sum.toPlainString() : "");
            } else {
                var perEuro = row.get(7).equals("EUR")
                        ? "1"
                        : (row.get(0) + row.get(12)).contains("Q3") ? TaxedMonths.DOLLARS : "";
                if (perEuro.isEmpty()) {
                    assertThat(euros + row.get(13)).contains("needs the rate of USD of 2026-12-31");
                    if (!row.get(2).equals("LEFT OUT")) unknown.add(state);
                    continue;
                }
                var vat = new BigDecimal(row.get(9)).divide(new BigDecimal(perEuro), 2, RoundingMode.HALF_UP);
                assertThat(euros).isEqualTo(vat.toPlainString());
                if (!row.get(2).equals("LEFT OUT")) balances.merge(state, vat, BigDecimal::add);
            }
        }
        assertThat(balances).isNotEmpty();
    }

    private void theEvidenceIsThatOfCardsAndAddresses(YearMonth month, Path report) throws IOException {
        var expected = months.declared.stream()
                .filter(row -> !row.credit()
                        && row.tax().registration().equals("OSS")
                        && !row.customer().business()
                        && quarter(row.period()) == quarter(month)
                        && !row.period().isAfter(month))
                .map(row -> row.customer().id() + " "
                        + (row.period().equals(NOVEMBER)
                                ? "2026-11-10 "
                                : row.period().plusMonths(1) + "-01 ")
                        + (row.customer().card().isEmpty()
                                ? "ONE ITEM"
                                : row.customer().card().equals(row.customer().country()) ? "AGREES" : "CONTRADICTS"))
                .distinct()
                .toList();
        assertThat(rows(report.resolve("oss-evidence.csv")))
                .extracting(row -> row.get(2) + " " + row.get(3) + " " + row.get(6))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static String corrected(Declared row, int quarter) {
        return quarter(row.supplied()) == quarter ? "" : "2026-Q" + quarter(row.supplied());
    }

    private static int quarter(YearMonth month) {
        return (month.getMonthValue() + 2) / 3;
    }

    private static List<List<String>> rows(Path csv) throws IOException {
        return Files.readString(csv)
                .lines()
                .skip(1)
                .map(line -> List.of(line.split(",", -1)))
                .toList();
    }
}
