package io.postpaid.simulation.year;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The raw usage of the year: records that are on their way, and those that have arrived. */
final class DrawnUsage {
    private static final List<String> PRODUCTS = List.of("audio", "image", "text");
    private static final int USES = 20;

    private final Random random;
    private final List<Record> coming = new ArrayList<>();
    private final List<Record> taken = new ArrayList<>();
    private int ids;

    /** A usage record, or one that voids it. */
    record Record(String id, String account, String product, LocalDate day, BigDecimal quantity, boolean voids) {
        private static final String USAGE = """
                {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%sT12:00:00Z"}""";
        private static final String VOID = """
                {"id":"v-%1$s","type":"void","voids":"%1$s","account":"%2$s","occurred_at":"%3$sT13:00:00Z"}""";

        String line() {
            return voids
                    ? VOID.formatted(id, account, day)
                    : USAGE.formatted(id, account, product, quantity.toPlainString(), day);
        }
    }

    DrawnUsage(Random random) {
        this.random = random;
    }

    void draw(String account, YearMonth month) {
        boolean tiny = account.equals("tiny");
        for (int n = 0; n < (tiny ? 1 : USES); n++) {
            var product = tiny ? "image" : any(PRODUCTS);
            coming.add(drawn(account, product, month.atDay(1 + random.nextInt(month.lengthOfMonth()))));
        }
        if (account.equals("held") && (month.getMonthValue() == 2 || month.getMonthValue() == 9)) {
            coming.add(drawn(account, PlainPrices.VIDEO, month.atDay(20)));
        }
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Record drawn(String account, String product, LocalDate day) {
        var quantity = switch (product) {
            case "audio" -> BigDecimal.valueOf(random.nextInt(1_000, 2_000_000), 3);
            case "text" -> BigDecimal.valueOf(random.nextInt(1, 900));
            default -> BigDecimal.valueOf(random.nextInt(1, account.equals("tiny") ? 20 : 120));
        };
        return new Record("r" + ++ids, account, product, day, quantity, false);
    }

    /** Usage of a month that is billed already, and some of it that is taken back. */
    void late(YearMonth month) {
        for (var account : List.of("late", "exempt", "business")) {
            // An invoice for the first month without an exemption always has usage of the last one with it.
            boolean mixed = account.equals("exempt") && month.getMonthValue() == 8;
            if (random.nextBoolean() || mixed) coming.add(drawn(account, any(PRODUCTS), month.atEndOfMonth()));
        }
        for (var account : List.of("late", "business")) {
            var known = taken.stream()
                    .filter(record -> record.account().equals(account)
                            && YearMonth.from(record.day()).equals(month))
                    .toList();
            if (known.isEmpty() || random.nextInt(3) == 0) continue;
            var wrong = any(known);
            taken.remove(wrong);
            coming.add(new Record(
                    wrong.id(),
                    account,
                    wrong.product(),
                    wrong.day(),
                    wrong.quantity().negate(),
                    true));
        }
    }

    /** What was used before a day arrives in the order of days. */
    List<Record> before(LocalDate day) {
        var now = coming.stream().filter(record -> record.day().isBefore(day)).toList();
        coming.removeAll(now);
        now.stream().filter(record -> !record.voids()).forEach(taken::add);
        return now;
    }
}
