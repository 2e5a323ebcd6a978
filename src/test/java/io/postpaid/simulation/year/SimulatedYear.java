package io.postpaid.simulation.year;

import static java.math.BigDecimal.ZERO;

import io.postpaid.simulation.year.PlainAccount.TopUp;
import io.postpaid.simulation.year.PlainAccount.Use;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final List<String> PRODUCTS = List.of("audio", "image", "text");
    private static final int USES = 20;

    private final Random random;
    private final Program program;
    final PlainBooks books = new PlainBooks();
    private final Map<String, PlainAccount> accounts = new LinkedHashMap<>();
    private final List<TopUp> disputedTopUps = new ArrayList<>();
    private final List<Runnable> seenAtNight = new ArrayList<>();
    private final List<Record> coming = new ArrayList<>();
    private final List<Record> taken = new ArrayList<>();
    private YearMonth frozen = FIRST.minusMonths(1);
    private boolean videoHasPrice;
    private LocalDate today = FIRST.atDay(1);
    private int ids;

    /** A usage record, or one that voids it. */
    private record Record(
            String id, String account, String product, LocalDate day, BigDecimal quantity, boolean voids) {
        String line() {
            return voids
                    ? """
                    {"id":"v-%1$s","type":"void","voids":"%1$s","account":"%2$s","occurred_at":"%3$sT13:00:00Z"}""".formatted(id, account, day)
                    : """
                    {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%sT12:00:00Z"}""".formatted(id, account, product, quantity.toPlainString(), day);
        }
    }

    SimulatedYear(long seed, Program program) {
        random = new Random(seed);
        this.program = program;
        Customer.ALL.forEach(customer -> accounts.put(customer.id(), new PlainAccount(customer, books)));
    }

    /** @param monthIsOver what is to be looked at once a month's invoices are out */
    void play(Consumer<YearMonth> monthIsOver) throws IOException {
        for (var month = FIRST; month.isBefore(FIRST.plusMonths(MONTHS)); month = month.plusMonths(1)) {
            for (var customer : Customer.ALL) draw(customer.id(), month);
            play(month);
            if (month.isAfter(FIRST)) monthIsOver.accept(month.minusMonths(1));
        }
        begin(FIRST.plusMonths(MONTHS));
        monthIsOver.accept(FIRST.plusMonths(MONTHS - 1));
    }

    private void begin(YearMonth month) throws IOException {
        night(month.atDay(1));
        if (month.isAfter(FIRST)) bill(month.minusMonths(1));
        night(month.atDay(2));
    }

    private void play(YearMonth month) throws IOException {
        begin(month);
        noon(month.atDay(6));
        if (month.equals(FIRST.plusMonths(2))) tellPriceOfVideo();
        if (month.isAfter(FIRST)) late(month.minusMonths(1));
        night(month.atDay(7));
        // Seven days behind the invoices: who has not paid is suspended.
        if (month.getMonthValue() % 4 == 2) night(month.atDay(9));
        noon(month.atDay(10));
        for (var account : accounts.values()) buy(account, month);
        noon(month.atDay(15));
        for (var account : accounts.values()) giveBack(account, month);
        night(month.atDay(16));
        noon(month.atEndOfMonth());
        for (var account : accounts.values()) endOfMonth(account, month);
    }

    private void noon(LocalDate day) {
        today = day;
        program.noon(day);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private BigDecimal cents(int from, int to) {
        return BigDecimal.valueOf(random.nextInt(from, to), 2);
    }

    private static BigDecimal part(BigDecimal of, int percent) {
        return of.multiply(BigDecimal.valueOf(percent, 2)).setScale(2, RoundingMode.HALF_UP);
    }

    // ---- usage

    private void draw(String account, YearMonth month) {
        boolean tiny = account.equals("tiny");
        for (int n = 0; n < (tiny ? 1 : USES); n++) {
            var product = PRODUCTS.get(tiny ? 1 : random.nextInt(PRODUCTS.size()));
            coming.add(drawn(account, product, month.atDay(1 + random.nextInt(month.lengthOfMonth()))));
        }
        if (account.equals("held") && (month.getMonthValue() == 2 || month.getMonthValue() == 9)) {
            coming.add(drawn(account, PlainPrices.VIDEO, month.atDay(20)));
        }
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
    private void late(YearMonth month) {
        for (var account : List.of("late", "exempt", "business")) {
            if (oneIn(2)) coming.add(drawn(account, PRODUCTS.get(random.nextInt(3)), month.atEndOfMonth()));
        }
        for (var account : List.of("late", "business")) {
            var known = taken.stream()
                    .filter(record -> record.account().equals(account)
                            && YearMonth.from(record.day()).equals(month))
                    .toList();
            if (known.isEmpty() || oneIn(3)) continue;
            var wrong = known.get(random.nextInt(known.size()));
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
    private void deliver(LocalDate day) throws IOException {
        var now = coming.stream().filter(record -> record.day().isBefore(day)).toList();
        coming.removeAll(now);
        for (var record : now) {
            var used = YearMonth.from(record.day());
            var account = account(record.account());
            boolean open = used.isAfter(frozen) || isHeld(account, used);
            account.arrived.add(
                    new Use(open ? used : frozen.plusMonths(1), record.day(), record.product(), record.quantity()));
            if (!record.voids()) taken.add(record);
        }
        program.usage(now.stream().map(Record::line).toList());
    }

    private PlainAccount account(String id) {
        return java.util.Objects.requireNonNull(accounts.get(id));
    }

    private static boolean isHeld(PlainAccount account, YearMonth period) {
        return account.arrived.stream().anyMatch(use -> use.billed().equals(period));
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
        List.copyOf(seenAtNight).forEach(Runnable::run);
        seenAtNight.clear();
        for (var account : accounts.values()) {
            if (day.getDayOfMonth() > 1 && frozen.isAfter(FIRST.minusMonths(1))) bill(account, frozen);
        }
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
            seenAtNight.add(() -> account.disputed(bill, today));
        }
    }

    // ---- what customers, operators and banks do

    private void buy(PlainAccount account, YearMonth month) {
        var id = account.who.id();
        switch (id) {
            case "bought", "bought-disputed" -> {
                if (oneIn(2)) return;
                var amount = cents(1_000, 9_000);
                var topUp = account.new TopUp("t" + ++ids, amount, today);
                program.topUp(id, amount, topUp.reference);
                if (account.card.equals("createDispute")) {
                    seenAtNight.add(() -> topUp.disputed(today));
                    disputedTopUps.add(topUp);
                } else if (oneIn(2)) {
                    var half = part(topUp.refundable(), 50);
                    topUp.refund(half, today);
                    program.refundTopUp(id, topUp.reference, half);
                }
            }
            case "promoted" -> {
                var kind = List.of("PROMO", "GOODWILL", "TOP_UP").get(random.nextInt(3));
                var amount = cents(500, 3_000);
                var expires = today.plusDays(random.nextInt(5, 60));
                account.given(kind, amount, expires, today);
                program.grant(id, kind, amount, expires);
            }
            case "new-card" -> {
                var card = account.pays() ? "visa_chargeDeclined" : "visa";
                account.card = card;
                program.newCard(id, card);
                for (var bill : account.bills) account.charge(bill, today);
            }
            default -> {}
        }
    }

    private void giveBack(PlainAccount account, YearMonth month) {
        var id = account.who.id();
        var last = account.bill(month.minusMonths(1));
        if (last == null || last.due.signum() == 0) return;
        var period = last.period;
        switch (id) {
            case "noted" -> {
                var amount = part(last.total(), random.nextInt(5, 60));
                account.creditNote(last, amount, today);
                program.creditNote(id, period, amount);
                if (oneIn(2)) refund(account, last, part(last.byCard, random.nextInt(10, 90)));
            }
            case "refund-fails", "refund-waits" -> refund(account, last, part(last.byCard, random.nextInt(5, 100)));
            case "disputed" -> closeDispute(account, last);
            case "transfers" -> {
                var amount = part(last.open, random.nextInt(60, 130)).max(new BigDecimal("0.01"));
                account.transfer(last, amount, today);
                program.transfer(id, period, amount, "bank-" + ++ids);
            }
            case "declined", "written-off" -> writeOffOrPay(account, last);
            default -> {}
        }
    }

    private void refund(PlainAccount account, PlainBill bill, BigDecimal amount) {
        if (amount.signum() <= 0) return;
        program.refund(account.who.id(), bill.period, amount);
        var from = account.askRefund(bill, amount, today);
        if (account.card.equals("pendingRefund")) {
            seenAtNight.add(() -> account.refunded(bill, amount, from, today));
            return;
        }
        account.refunded(bill, amount, from, today);
        if (account.card.equals("refundFail")) seenAtNight.add(() -> account.refundFailed(bill, amount, today));
    }

    private void closeDispute(PlainAccount account, PlainBill bill) {
        boolean won = random.nextBoolean();
        program.closeDispute(account.who.id(), bill.period, won);
        seenAtNight.add(() -> {
            if (won) account.disputeWon(bill, today);
            else account.disputeLost(bill, today);
        });
    }

    private void writeOffOrPay(PlainAccount account, PlainBill last) {
        var id = account.who.id();
        for (var bill : List.copyOf(account.bills)) {
            if (bill != last && bill.writtenOff.signum() > 0 && oneIn(3)) {
                var amount = oneIn(2) ? bill.writtenOff : part(bill.writtenOff, 40);
                account.transfer(bill, amount, today);
                program.transfer(id, bill.period, amount, "bank-" + ++ids);
            }
        }
        if (last.open.signum() > 0 && oneIn(2)) {
            account.writeOff(last, today);
            program.writeOff(id, last.period);
        }
    }

    /** What is left over the end of a month. */
    private void endOfMonth(PlainAccount account, YearMonth month) {
        var id = account.who.id();
        if (id.equals("bought-disputed")) {
            var last = account.bill(month.minusMonths(1));
            if (last != null && last.byCard.signum() > 0) closeDispute(account, last);
            for (var topUp : List.copyOf(disputedTopUps)) {
                if (oneIn(2)) continue;
                disputedTopUps.remove(topUp);
                boolean won = random.nextBoolean();
                program.closeTopUpDispute(id, topUp.reference, won);
                seenAtNight.add(() -> {
                    if (won) topUp.won(today);
                    else topUp.lost(today);
                });
            }
        }
        if (id.equals("bought-disputed") && account.owed.signum() > 0 && oneIn(2)) {
            var amount = account.owed;
            account.transfer(amount, today);
            program.transfer(id, amount, "bank-" + ++ids);
        }
        if (id.equals("transfers") && account.balance().compareTo(ZERO) > 0 && oneIn(2)) {
            var amount = account.balance();
            account.sendBack(amount, today);
            program.sendBack(id, amount, "bank-" + ++ids);
        }
    }
}
