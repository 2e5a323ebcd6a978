package io.postpaid.simulation.year;

import io.postpaid.simulation.year.PlainAccount.Use;
import java.io.IOException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A year of which every usage record, every sale of credit and everything that customers, operators and banks do is drawn
 * from a seed. It happens to the program and, by hand, to plain accounts; neither sees the other, but for the amounts of
 * what is given back, which the plain calculation knows beforehand.
 */
final class SimulatedYear {
    static final YearMonth FIRST = YearMonth.of(2026, 1);
    static final int MONTHS = 12;

    private final Program program;
    private final DrawnUsage usage;
    private final DrawnEvents events;
    final PlainBooks books = new PlainBooks();
    private final Map<String, PlainAccount> accounts = new LinkedHashMap<>();
    private final List<Consumer<LocalDate>> seenAtNight = new ArrayList<>();
    private YearMonth frozen = FIRST.minusMonths(1);
    private YearMonth closed = FIRST.minusMonths(1);
    private boolean videoHasPrice;
    private LocalDate today = FIRST.atDay(1);

    SimulatedYear(long seed, Program program) {
        var random = new Random(seed);
        this.program = program;
        usage = new DrawnUsage(random);
        events = new DrawnEvents(random, program, seenAtNight);
        Customer.ALL.forEach(customer -> accounts.put(customer.id(), new PlainAccount(customer, books)));
    }

    /** @param monthIsOver closes a month's books; some are opened once more, for what was forgotten, and closed again */
    void play(Consumer<YearMonth> monthIsOver) throws IOException {
        for (var month = FIRST; month.isBefore(FIRST.plusMonths(MONTHS)); month = month.plusMonths(1)) {
            for (var customer : Customer.ALL) usage.draw(customer.id(), month);
            play(month, monthIsOver);
        }
        begin(FIRST.plusMonths(MONTHS));
        close(FIRST.plusMonths(MONTHS - 1), monthIsOver);
    }

    private void close(YearMonth month, Consumer<YearMonth> monthIsOver) {
        if (month.isBefore(FIRST)) return;
        closed = month;
        monthIsOver.accept(month);
    }

    private void begin(YearMonth month) throws IOException {
        night(month.atDay(1));
        if (month.isAfter(FIRST)) bill(month.minusMonths(1));
    }

    private void play(YearMonth month, Consumer<YearMonth> monthIsOver) throws IOException {
        var before = month.minusMonths(1);
        begin(month);
        noon(month.atDay(6));
        if (month.equals(FIRST.plusMonths(2))) tellPriceOfVideo();
        if (!before.isBefore(FIRST)) usage.late(before);
        cameBefore(before.atEndOfMonth().minusDays(2));
        night(month.atDay(7));
        // Seven days behind the invoices: who has not paid is suspended.
        if (month.getMonthValue() % 4 == 2) night(month.atDay(9));
        noon(month.atDay(10));
        close(before, monthIsOver);
        if (month.getMonthValue() % 4 == 3) {
            program.reopen(before);
            closed = before.minusMonths(1);
            cameBefore(before.atEndOfMonth().minusDays(1));
            close(before, monthIsOver);
        }
        for (var account : accounts.values()) events.buy(account, today);
        noon(month.atDay(15));
        cameBefore(before.atEndOfMonth());
        for (var account : accounts.values()) events.settle(account, month, today);
        night(month.atDay(16));
        noon(month.atEndOfMonth());
        for (var account : accounts.values()) events.endOfMonth(account, month);
        for (var currency : List.of("EUR", "USD")) {
            books.move(month, currency, "BANK", "PROVIDER_CLEARING", events.payOut(currency));
        }
    }

    private void cameBefore(LocalDate came) {
        var open = closed.plusMonths(1).atDay(1);
        for (var account : accounts.values()) events.cameBefore(account, came, came.isBefore(open) ? open : came);
    }

    private void noon(LocalDate day) {
        today = day;
        program.noon(day);
    }

    private void tellPriceOfVideo() throws IOException {
        for (var currency : List.of("EUR", "USD")) program.prices(PlainPrices.VIDEO_FILE.formatted(currency));
        videoHasPrice = true;
    }

    // ---- runs

    private void night(LocalDate day) throws IOException {
        today = day;
        deliver(day);
        program.night(day);
        for (var account : accounts.values()) {
            account.rate(day, videoHasPrice);
            account.expire(day);
        }
        var seen = List.copyOf(seenAtNight);
        seenAtNight.clear();
        seen.forEach(one -> one.accept(day));
        // Who was held is billed once it is mended; on the first the month is not billed yet.
        if (!frozen.isBefore(FIRST) && day.getDayOfMonth() > 1)
            accounts.values().forEach(one -> bill(one, frozen));
    }

    private void deliver(LocalDate day) throws IOException {
        var now = usage.before(day);
        for (var record : now) {
            var used = YearMonth.from(record.day());
            var account = Objects.requireNonNull(accounts.get(record.account()));
            boolean open = used.isAfter(frozen) || isHeld(account, used);
            account.arrived.add(
                    new Use(open ? used : frozen.plusMonths(1), record.day(), record.product(), record.quantity()));
        }
        program.usage(now.stream().map(DrawnUsage.Record::line).toList());
    }

    private static boolean isHeld(PlainAccount account, YearMonth period) {
        return account.arrived.stream().anyMatch(use -> use.billed().equals(period));
    }

    private void bill(YearMonth period) {
        frozen = period;
        program.month(period);
        for (var account : accounts.values()) bill(account, period);
    }

    private void bill(PlainAccount account, YearMonth period) {
        if (isHeld(account, period) || account.bill(period) != null) return;
        var bill = account.issue(period, today);
        if (bill == null) return;
        var charged = account.charge(bill, today);
        if (charged.signum() > 0 && account.card.equals("createDispute")) {
            seenAtNight.add(night -> account.disputed(bill, night));
        }
    }
}
